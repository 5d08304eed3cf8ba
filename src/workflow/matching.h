#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "workflow/plan.h"

namespace rowferry {

// Pairs the columns of a source table with those of the target table they go to, by name, and
// chooses how their values travel. Fills read.columns, write.columns and the format of both; what
// does not fit is added to plan.errors, what is worth knowing to plan.not_carried.
void match_columns(const Table& source, const Table& target, const Dialect& from, const Dialect& to,
                   TablePlan& plan);

}  // namespace rowferry
