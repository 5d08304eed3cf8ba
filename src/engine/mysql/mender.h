#pragma once

#include <memory>

#include "engine/engine.h"

namespace rowferry::mysql {

// Changes rows by statements over a temporary table that a Loader has filled.
std::unique_ptr<Mender> open_mender(const Url& url, const EndOptions& options);

// User-level locks of one session (GET_LOCK).
std::unique_ptr<Hold> hold(const Url& url, const EndOptions& options,
                           const std::vector<std::string>& names);

}  // namespace rowferry::mysql
