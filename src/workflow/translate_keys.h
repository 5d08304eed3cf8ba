#pragma once

#include <functional>

#include "workflow/crossing.h"

namespace rowferry {

// Adds primary key, indexes, checks and foreign keys to the table of `crossing`, whose columns
// stand by now. `name_of` as of translate().
void carry_keys(Crossing& crossing, const std::function<TableName(const TableName&)>& name_of);

}  // namespace rowferry
