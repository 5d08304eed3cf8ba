#pragma once

#include "workflow/crossing.h"

namespace rowferry {

// Adds a column to the table of `crossing` as the target will have it, with the user types and the
// check of labels that it needs; or refuses the table.
void carry_column(Crossing& crossing, const Column& column, const ColumnWish& wish);

}  // namespace rowferry
