#pragma once

#include <vector>

#include "engine/engine.h"

namespace rowferry::postgres {

// Asks the server what a role needs. Changes nothing.
std::vector<Finding> inspect(const Url& url, const EndOptions& options, const Inspection& about);

}  // namespace rowferry::postgres
