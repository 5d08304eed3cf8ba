#include "engine/sqlite/pager.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "engine/sqlite/dialect.h"
#include "engine/sqlite/keys.h"

namespace rowferry::sqlite {

namespace {

// The columns that begin the key and go the same way: as far as one range can be sought.
std::vector<std::string> seekable_columns(const Index& key) {
  std::vector<std::string> columns;
  for (const IndexPart& part : key.parts) {
    if (part.column.empty() || part.descending != key.parts[0].descending) break;
    columns.push_back(part.column);
  }
  return columns;
}

// A name for the rowid that no column hides; empty when all are hidden.
std::string rowid_name(const Table& table) {
  for (const char* name : {"rowid", "_rowid_", "oid"}) {
    const bool hidden = std::any_of(
        table.columns.begin(), table.columns.end(),
        [&](const Column& column) { return sqlite3_stricmp(column.name.c_str(), name) == 0; });
    if (!hidden) return name;
  }
  return "";
}

const Column* rowid_alias(const Table& table) {
  if (!table.primary_key || table.primary_key->parts.size() != 1) return nullptr;
  const Column* column = find_column(table, table.primary_key->parts[0].column);
  return column != nullptr && column->identity ? column : nullptr;
}

double target_of(const PageSize& size) {
  return static_cast<double>(std::max<std::int64_t>(1, size.rows > 0 ? size.rows : size.bytes));
}

RowidRange range_of(const Gap& gap) {
  RowidRange range;
  const auto read = [](const Bound& bound, std::int64_t& value) {
    if (bound.empty()) return;
    std::from_chars(bound[0].data(), bound[0].data() + bound[0].size(), value);
  };
  read(gap.lower, range.first);
  read(gap.upper, range.last);
  return range;
}

}  // namespace

std::vector<std::size_t> even_cuts(const std::vector<Piece>& pieces, double target, bool by_rows) {
  const auto weight = [&](const Piece& piece) { return by_rows ? piece.rows : piece.bytes; };
  double whole = 0;
  for (const Piece& piece : pieces) whole += weight(piece);
  if (whole <= 0) return {};
  const double pages = std::max(1.0, std::round(whole / target));
  std::vector<std::size_t> cuts;
  double sum = 0;
  double next = whole / pages;
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    sum += weight(pieces[i]);
    // Half of the piece that follows may lie behind the even place.
    if (!pieces[i].last || sum + weight(pieces[i + 1]) / 2 < next) continue;
    cuts.push_back(i);
    while (next <= sum + weight(pieces[i + 1]) / 2) next += whole / pages;
  }
  return cuts;
}

SqlitePager::SqlitePager(Lease lease, std::shared_ptr<const Wal> wal)
    : lease_(std::move(lease)), file_(*lease_, std::move(wal)) {}

Cut SqlitePager::choose(const Table& table) {
  if (without_rowid(table)) {
    return {.by = Cut::By::key, .columns = seekable_columns(*table.primary_key)};
  }
  if (const Column* alias = rowid_alias(table)) {
    return {.by = Cut::By::key, .columns = {alias->name}};
  }
  const std::string name = rowid_name(table);
  if (name.empty()) return {};
  return {.by = Cut::By::physical, .columns = {name}};
}

std::uint32_t SqlitePager::root_of(const Table& table) const {
  Prepared root =
      lease_->prepare("SELECT rootpage FROM sqlite_schema WHERE type = 'table' AND name = ?1");
  root.bind(1, table.name.table);
  return root.step() ? static_cast<std::uint32_t>(root.integer(0)) : 0;
}

std::vector<Page> SqlitePager::cut(const TableRead& table, const Gap& gap, const PageSize& size) {
  if (table.cut.by == Cut::By::whole || gap.missing() == 1) return pages_between(gap, {});
  const bool by_rowid = !without_rowid(table.table);
  return pages_between(
      gap, by_rowid ? rowid_bounds(root_of(table.table), gap, size) : key_bounds(table, gap, size));
}

std::vector<Bound> SqlitePager::rowid_bounds(std::uint32_t root, const Gap& gap,
                                             const PageSize& size) const {
  const RowidRange range = range_of(gap);
  std::vector<Piece> pieces =
      outline(file_, root, static_cast<double>(size.bytes), static_cast<double>(size.rows), range);
  std::vector<Bound> bounds;
  std::int64_t before = range.first;
  for (const std::size_t place : even_cuts(pieces, target_of(size), size.rows > 0)) {
    const std::int64_t last = pieces[place].last->rowid;
    if (last < before || last >= range.last) continue;  // also keeps last + 1 from overflowing
    const std::int64_t bound = last + 1;
    if (bound >= range.last && !gap.upper.empty()) continue;
    bounds.push_back({std::to_string(bound)});
    before = bound;
  }
  return bounds;
}

const std::vector<Piece>& SqlitePager::pieces_of_key(std::uint32_t root, const PageSize& size) {
  const bool known =
      outlined_ == root && outlined_for_.bytes == size.bytes && outlined_for_.rows == size.rows;
  if (known) return pieces_;
  pieces_ = outline(file_, root, static_cast<double>(size.bytes), static_cast<double>(size.rows));
  outlined_ = root;
  outlined_for_ = size;
  return pieces_;
}

std::vector<Bound> SqlitePager::key_bounds(const TableRead& table, const Gap& gap,
                                           const PageSize& size) {
  const KeyOrder keys(*lease_, table.table, table.cut);
  std::vector<Piece> pieces = pieces_of_key(root_of(table.table), size);
  if (keys.descending()) pieces = reversed(std::move(pieces));
  pieces = keys.within(std::move(pieces), gap);
  std::vector<Bound> bounds;
  Bound before = gap.lower;
  for (const std::size_t place : even_cuts(pieces, target_of(size), size.rows > 0)) {
    const std::optional<Bound> bound = keys.first_from(*pieces[place].last, before, gap.upper);
    if (!bound) continue;
    bounds.push_back(*bound);
    before = *bound;
  }
  return bounds;
}

}  // namespace rowferry::sqlite
