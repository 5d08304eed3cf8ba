#pragma once

#include "workflow/copy.h"

namespace rowferry {

// Creates tables, keys or both, as Request::section says, without rows. Existing tables are treated
// as Request::existing says. Repeatable: what is there already is passed over.
CopyReport schema(const Request& request, const Surroundings& surroundings);

// The same as text: statements in order, each ended by a semicolon and a newline, runnable by the
// target's own client. Looks at the target's version only.
std::string print_schema(const Request& request, const Surroundings& surroundings);

}  // namespace rowferry
