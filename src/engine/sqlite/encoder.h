#pragma once

#include <sqlite3.h>

#include "engine/plan.h"
#include "engine/sqlite/fit.h"

namespace rowferry::sqlite {

// A value of the current row that is not NULL.
struct Stored {
  sqlite3_value* cell;  // of the statement's current row; sessions have no mutex to protect it with
  int storage;          // SQLITE_INTEGER, FLOAT, TEXT or BLOB
};

// Turns values of one column into cells. Chosen once per column; only the storage class, which
// every value brings along, is looked at per cell.
struct Encoder {
  // Adds a cell and says ok, or adds nothing.
  Fit (*encode)(const Encoder& self, const Stored& value, Batch& batch);
  Type limit;                // that the target sets
  bool nul_allowed = false;  // in texts
};

// The encoder for cells of the column's wire kind, or of kind dynamic in RowFormat::native.
Encoder encoder_for(const ColumnRead& column, RowFormat format);

}  // namespace rowferry::sqlite
