#include "engine/mysql/pager.h"

#include <algorithm>

#include "engine/mysql/dialect.h"
#include "engine/mysql/halves.h"
#include "engine/mysql/types.h"
#include "engine/sql/ddl.h"

namespace rowferry::mysql {

namespace {

constexpr std::int64_t kSmallRow = 32;  // bytes: less is an estimate that lags behind its table
constexpr const char* kRowId = "_tidb_rowid";
constexpr std::int64_t kLarge = 16;  // pages, from which counting rows would cost too much

// Kinds whose values a literal names exactly and an index seeks.
bool sought(const Column& column) {
  const std::string base = parse_native(column.native).base;
  if (base == "enum" || base == "set" || base == "json") return false;
  return column.type.kind != Kind::bits;
}

bool serves_as_key(const Table& table, const Index& index) {
  const bool tree = index.method.empty() || index.method.ends_with("CLUSTERED");
  if (!tree) return false;
  return std::all_of(index.parts.begin(), index.parts.end(), [&](const IndexPart& part) {
    const Column* column = find_column(table, part.column);
    return column != nullptr && !column->nullable && !part.descending &&
           part.operator_class.empty() && sought(*column);
  });
}

Cut cut_by(const Index& index) {
  Cut cut{.by = Cut::By::key, .columns = {}};
  for (const IndexPart& part : index.parts) cut.columns.push_back(part.column);
  return cut;
}

// Where to go on after `rows` rows of a range.
Bound bound_after(Connection& connection, const TableRead& table, const Bound& lower,
                  const Bound& upper, std::int64_t rows) {
  std::vector<std::string> literals;
  for (const std::string& name : table.cut.columns) {
    const Column* column = find_column(table.table, name);
    literals.push_back(column == nullptr ? quote(name) : as_literal(*column));
  }
  const MysqlDialect dialect({});
  const std::string range = dialect.range(table.table, table.cut, lower, upper);
  const sql::Rows found = connection.query(
      "SELECT " + sql::joined(literals, ", ") + " FROM " + by_index(table) +
      (range.empty() ? "" : " WHERE " + range) + " ORDER BY " +
      sql::column_list(dialect, table.cut.columns) + " LIMIT 1 OFFSET " + std::to_string(rows));
  Bound bound;
  if (found.empty()) return bound;
  for (const auto& cell : found[0]) bound.push_back(cell.value_or(""));
  return bound;
}

std::vector<Bound> count_along(Connection& connection, const TableRead& table, const Gap& gap,
                               std::int64_t rows, std::int64_t most) {
  std::vector<Bound> bounds;
  Bound lower = gap.lower;
  while (static_cast<std::int64_t>(bounds.size()) < most) {
    Bound next = bound_after(connection, table, lower, gap.upper, rows);
    // Values that print as one are on one page.
    for (std::int64_t more = 2 * rows; !next.empty() && next == lower; more *= 2) {
      next = bound_after(connection, table, lower, gap.upper, more);
    }
    if (next.empty()) break;
    bounds.push_back(next);
    lower = std::move(next);
  }
  return bounds;
}

// Rows that a page shall have, by what the server knows of their size.
std::int64_t rows_of(const Table& table, const PageSize& size) {
  if (size.rows > 0) return size.rows;
  const std::int64_t width = table.rows > 0 ? table.bytes / table.rows : 0;
  return std::max<std::int64_t>(1, size.bytes / std::max(width, kSmallRow));
}

}  // namespace

std::string as_literal(const Column& column) {
  const std::string name = quote(column.name);
  switch (column.type.kind) {
    case Kind::int16:
    case Kind::int32:
    case Kind::int64:
    case Kind::decimal:
      return "CAST(" + name + " AS CHAR)";
    case Kind::float32:
    case Kind::float64: {  // without an exponent it would be a decimal
      // MySQL leaves digits out of a long sum, and all servers of a FLOAT and a DOUBLE(7,2) by
      // itself.
      const bool whole = column.native == "double" || column.native == "double unsigned";
      const std::string number = whole ? name : name + " + 0e0";
      return "CONCAT(" + number + ", IF(LOCATE('e', " + number + ") > 0, '', 'e0'))";
    }
    case Kind::bytes:
      return "CONCAT('x''', HEX(" + name + "), '''')";
    case Kind::text:
      return "CONCAT('_utf8mb4 x''', HEX(CONVERT(" + name + " USING utf8mb4)), '''')";
    default:
      return "CONCAT('''', CAST(" + name + " AS CHAR), '''')";
  }
}

std::string by_index(const TableRead& table) {
  if (table.cut.by != Cut::By::key) return qualified(table.table.name);
  return qualified(table.table.name) + " FORCE INDEX (" + index_of(table.table, table.cut) + ")";
}

std::string index_of(const Table& table, const Cut& cut) {
  const auto is = [&](const Index& index) { return cut_by(index).columns == cut.columns; };
  if (table.primary_key && is(*table.primary_key)) return "PRIMARY";
  for (const Index& index : table.indexes) {
    if (index.unique && is(index)) return quote(index.name);
  }
  return "PRIMARY";
}

Cut MysqlPager::choose(const Table& table) {
  // TiDB keeps such tables in the order of a row id that no column shows.
  const bool clustered = table.primary_key && table.primary_key->method == "CLUSTERED";
  if (lease_->product() == Product::tidb && !clustered) {
    return {.by = Cut::By::physical, .columns = {kRowId}};
  }
  if (table.primary_key && serves_as_key(table, *table.primary_key)) {
    return cut_by(*table.primary_key);
  }
  for (const Index& index : table.indexes) {
    if (index.unique && serves_as_key(table, index)) return cut_by(index);
  }
  return {};
}

std::vector<Page> MysqlPager::cut(const TableRead& table, const Gap& gap, const PageSize& size) {
  std::vector<Bound> bounds;
  if (table.cut.by != Cut::By::whole && gap.missing() != 1) {
    const std::int64_t rows = rows_of(table.table, size);
    const std::int64_t most = gap.before == 0 ? INT64_MAX : gap.before - gap.after - 2;
    const bool large = size.rows == 0 && table.table.bytes > kLarge * size.bytes;
    const bool halved = large && table.cut.by == Cut::By::key && can_halve(*lease_, table);
    if (halved) bounds = halve(*lease_, table, gap, rows, most);
    // Estimates lag behind a table that has just been filled; then there are far too few.
    const bool whole = gap.lower.empty() && gap.upper.empty();
    const auto pages = static_cast<std::int64_t>(bounds.size()) + 1;
    const bool lagging = whole && pages * 4 < table.table.bytes / size.bytes;
    if (!halved || lagging) bounds = count_along(*lease_, table, gap, rows, most);
  }
  return pages_between(gap, std::move(bounds));
}

}  // namespace rowferry::mysql
