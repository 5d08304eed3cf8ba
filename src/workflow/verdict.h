#pragma once

#include <string>
#include <vector>

#include "workflow/table_run.h"

namespace rowferry {

// Fills the state and rows of a table's report from what became of it.
void complete(TableRun& run);

// Why tables are not all of one point in time, and how to close the gap; empty when they are.
std::string not_one_point(const std::vector<TableRun>& tables);

}  // namespace rowferry
