#include "core/schema.h"

#include <algorithm>

namespace rowferry {

std::string to_string(const TableName& name) {
  return name.schema.empty() ? name.table : name.schema + "." + name.table;
}

const Column* find_column(const Table& table, std::string_view name) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const Column& column) { return column.name == name; });
  return found == table.columns.end() ? nullptr : &*found;
}

}  // namespace rowferry
