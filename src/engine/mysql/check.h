#pragma once

#include "engine/finding.h"
#include "engine/plan.h"

namespace rowferry::mysql {

// What these servers refuse of the cells that come into `column`, as far as that can be told
// without asking them: whether a text is JSON cannot. `signed_zero`: the server keeps -0.0.
CellCheck check_for(const ColumnWrite& column, bool signed_zero);

}  // namespace rowferry::mysql
