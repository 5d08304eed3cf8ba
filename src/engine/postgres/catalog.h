#pragma once

#include <memory>

#include "engine/engine.h"
#include "engine/postgres/session.h"

namespace rowferry::postgres {

// `snapshot`: the exported snapshot to read under, or empty for the present.
std::unique_ptr<Catalog> open_catalog(const Url& url, const EndOptions& options,
                                      const std::string& snapshot);

}  // namespace rowferry::postgres
