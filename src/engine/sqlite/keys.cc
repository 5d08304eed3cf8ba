#include "engine/sqlite/keys.h"

#include <algorithm>

#include "engine/sql/ddl.h"
#include "engine/sqlite/dialect.h"
#include "engine/sqlite/literal.h"

namespace rowferry::sqlite {

namespace {

std::string each(const Table& table, const Cut& cut, bool collated) {
  std::vector<std::string> names;
  for (const std::string& column : cut.columns) {
    names.push_back(quote(column) + (collated ? key_collation(table, column) : ""));
  }
  return sql::joined(names, ", ");
}

bool first_part_descends(const Table& table) {
  return table.primary_key && table.primary_key->parts[0].descending;
}

}  // namespace

std::vector<Piece> reversed(std::vector<Piece> pieces) {
  std::reverse(pieces.begin(), pieces.end());
  // An edge stands behind its piece, which is now in front of it.
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) pieces[i].last = pieces[i + 1].last;
  if (!pieces.empty()) pieces.back().last.reset();
  return pieces;
}

KeyOrder::KeyOrder(const Connection& connection, const Table& table, const Cut& cut)
    : connection_(connection),
      of_(table),
      cut_(cut),
      table_("main." + quote(table.name.table)),
      columns_(each(table, cut, false)),
      order_(each(table, cut, true)),
      descending_(first_part_descends(table)) {}

std::string KeyOrder::comparison(const char* op, const Bound& bound) const {
  return key_expression(cut_) + " " + op + " " + bound_expression(of_, cut_, bound);
}

std::optional<Bound> KeyOrder::first_from(const Edge& edge, const Bound& after,
                                          const Bound& before) const {
  const auto candidate = record_literals(edge.record, cut_.columns.size());
  if (!candidate) return std::nullopt;
  std::string sql = "SELECT " + columns_ + " FROM (SELECT " + columns_ + " FROM " + table_ +
                    " WHERE " + comparison(">=", *candidate) + " ORDER BY " + order_ +
                    " LIMIT 1) WHERE true";
  if (!after.empty()) sql += " AND " + comparison(">", after);
  if (!before.empty()) sql += " AND " + comparison("<", before);
  Prepared query = connection_.prepare(sql);
  if (!query.step()) return std::nullopt;
  return key_of(query);
}

// Text is read back exactly, and so are integers; a real only where SQLite's own reading is.
std::optional<Bound> KeyOrder::key_of(Prepared& query) const {
  Bound bound;
  for (std::size_t i = 0; i < cut_.columns.size(); ++i) {
    const int column = static_cast<int>(i);
    bound.push_back(column_literal(query.get(), column));
    if (sqlite3_column_type(query.get(), column) != SQLITE_FLOAT) continue;
    Prepared back = connection_.prepare("SELECT " + bound.back());
    const double value = sqlite3_column_double(query.get(), column);
    if (!back.step() || sqlite3_column_double(back.get(), 0) != value) return std::nullopt;
  }
  return bound;
}

// Whether the first key at or behind `edge` is at or behind `bound`; true when there is none.
bool KeyOrder::reaches(const Edge& edge, const Bound& bound) const {
  const auto candidate = record_literals(edge.record, cut_.columns.size());
  if (!candidate) return false;
  Prepared query = connection_.prepare(
      "SELECT " + comparison(">=", bound) + " FROM (SELECT " + columns_ + " FROM " + table_ +
      " WHERE " + comparison(">=", *candidate) + " ORDER BY " + order_ + " LIMIT 1)");
  return !query.step() || query.integer(0) != 0;
}

// The first piece whose end reaches `bound`, by halving; pieces without a known end are taken with
// the next one that has.
std::size_t KeyOrder::first_reaching(const std::vector<Piece>& pieces, const Bound& bound) const {
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
    if (pieces[i].last) known.push_back(i);
  }
  const auto found = std::partition_point(
      known.begin(), known.end(), [&](std::size_t i) { return !reaches(*pieces[i].last, bound); });
  return found == known.end() ? pieces.size() - 1 : *found;
}

std::vector<Piece> KeyOrder::within(std::vector<Piece> pieces, const Gap& gap) const {
  if (pieces.empty()) return pieces;
  if (!gap.upper.empty()) {
    pieces.resize(first_reaching(pieces, gap.upper) + 1);
  }
  if (!gap.lower.empty()) {
    const auto first = static_cast<std::ptrdiff_t>(first_reaching(pieces, gap.lower));
    pieces.erase(pieces.begin(), pieces.begin() + first);
  }
  return pieces;
}

}  // namespace rowferry::sqlite
