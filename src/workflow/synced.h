#pragma once

#include "workflow/sync.h"

namespace rowferry {

// Whether the table had to be made, and is there.
enum class Copied { no_need, not_yet, done };

// Says what became of a table, from what the comparisons found and what was written.
// `one_point`: all rows were seen as of one moment.
void conclude(SyncedTable& table, const SyncWish& wish, Copied copied, bool one_point);

// Whether nothing is left of what the user wanted done, as far as the table was looked at.
bool is_done(const SyncedTable& table, const SyncWish& wish);

}  // namespace rowferry
