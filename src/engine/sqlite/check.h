#pragma once

#include "engine/finding.h"
#include "engine/plan.h"

namespace rowferry::sqlite {

// What SQLite would bend of the cells that come into `column`: the judgement of the writer itself.
CellCheck check_for(const ColumnWrite& column);

}  // namespace rowferry::sqlite
