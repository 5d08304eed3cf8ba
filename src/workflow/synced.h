#pragma once

#include "workflow/sync.h"

namespace rowferry {

// Whether the table had to be made, and is there.
enum class Copied { no_need, not_yet, done };

// Says what became of a table, from what the comparisons found and what was written.
void conclude(SyncedTable& table, const SyncWish& wish, Copied copied);

}  // namespace rowferry
