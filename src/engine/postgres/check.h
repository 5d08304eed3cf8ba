#pragma once

#include "engine/finding.h"
#include "engine/plan.h"

namespace rowferry::postgres {

// What the server refuses of the cells that come into `column`, as far as that can be told without
// asking it: whether a text is JSON, or a label of an enum, cannot.
CellCheck check_for(const ColumnWrite& column);

}  // namespace rowferry::postgres
