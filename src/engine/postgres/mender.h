#pragma once

#include <memory>

#include "engine/engine.h"

namespace rowferry::postgres {

// Changes rows by statements over a temporary table that COPY has filled.
std::unique_ptr<Mender> open_mender(const Url& url, const EndOptions& options);

// Advisory locks of one session.
std::unique_ptr<Hold> hold(const Url& url, const EndOptions& options,
                           const std::vector<std::string>& names);

}  // namespace rowferry::postgres
