#include "workflow/last_rows.h"

#include <algorithm>

#include "engine/sql/ddl.h"

namespace rowferry {

namespace {

bool is_whole(const Column* column) {
  if (column == nullptr) return false;
  const Kind kind = column->type.kind;
  return kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64;
}

// Of two whole numbers in decimal digits.
bool less(const std::string& a, const std::string& b) {
  const bool negative = a.starts_with('-');
  if (negative != b.starts_with('-')) return negative;
  if (a.size() != b.size()) return (a.size() < b.size()) != negative;
  return negative ? b < a : a < b;
}

bool less(const Bound& a, const Bound& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return less(a[i], b[i]);
  }
  return false;
}

// The key that `rows - 1` keys are above; empty where there are not as many.
Bound key_before(const TableRead& read, std::int64_t rows, Catalog& catalog,
                 const Dialect& dialect) {
  std::vector<std::string> order;
  for (const std::string& name : read.cut.columns) order.push_back(dialect.quote(name) + " DESC");
  const auto found =
      catalog.query("SELECT " + sql::column_list(dialect, read.cut.columns) + " FROM " +
                    sql::table_name(dialect, read.table.name) +
                    (read.where.empty() ? "" : " WHERE (" + read.where + "\n)") + " ORDER BY " +
                    sql::joined(order, ", ") + " LIMIT 1 OFFSET " + std::to_string(rows - 1));
  Bound bound;
  if (found.empty()) return bound;
  for (const auto& cell : found[0]) bound.push_back(cell.value_or(""));
  return bound;
}

}  // namespace

std::optional<Gap> last_rows(const ComparedTable& table, std::int64_t rows, Catalog& source,
                             const Dialect& from, Catalog& target, const Dialect& to) {
  if (!table.ranges) return std::nullopt;
  for (const std::string& name : table.source.read.cut.columns) {
    if (!is_whole(find_column(table.source.read.table, name))) return std::nullopt;
  }
  const Bound here = key_before(table.source.read, rows, source, from);
  const Bound there = key_before(table.target.read, rows, target, to);
  Gap gap;
  if (!here.empty() && !there.empty()) gap.lower = less(here, there) ? here : there;
  return gap;
}

}  // namespace rowferry
