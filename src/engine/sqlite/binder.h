#pragma once

#include <sqlite3.h>

#include <string>
#include <string_view>

#include "engine/plan.h"
#include "engine/sqlite/fit.h"

namespace rowferry::sqlite {

// Binds the cells of one column to a parameter of an INSERT. Chosen once per column, by wire kind
// and the column's affinity, so that nothing is stored but what the cell says.
struct Binder {
  // Binds a cell that is not NULL. The cell's bytes must live until the statement has run.
  Fit (*bind)(Binder& self, std::string_view cell);
  sqlite3_stmt* statement = nullptr;
  int index = 0;
  Kind kind = Kind::text;
  std::string text;  // of the value bound last
};

Binder binder_for(const ColumnWrite& column, RowFormat format, sqlite3_stmt* statement, int index);

// True when a column of numeric affinity would take `text` for a number; also for some text beside.
bool looks_numeric(std::string_view text);

}  // namespace rowferry::sqlite
