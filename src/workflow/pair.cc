#include "workflow/pair.h"

#include <algorithm>

namespace rowferry {

namespace {

using What = Difference::What;

bool any_written(const Pair& pair, const Difference& difference) {
  return std::any_of(difference.places.begin(), difference.places.end(), [&](int place) {
    return pair.repair.mended.written[static_cast<std::size_t>(place)];
  });
}

// Whether no row of the source can be refused by the target, whatever is in it.
bool takes_every_row(const TablePlan& plan, const Dialect& from, const Dialect& to) {
  const auto product = [](const Dialect& dialect) {
    return dialect.facts().product.substr(0, dialect.facts().product.find(' '));
  };
  const Table& there = plan.target;
  if (product(from) != product(to) || !there.checks.empty() || !there.primary_key) return false;
  if (std::any_of(there.indexes.begin(), there.indexes.end(),
                  [](const Index& i) { return i.unique; })) {
    return false;
  }
  // The server may know of more than the schema says: another engine, exclusion constraints,
  // domains.
  const bool more = std::any_of(
      there.own_notes.begin(), there.own_notes.end(),
      [](const std::string& note) { return note.find(": collation ") == std::string::npos; });
  if (!there.notes.empty() || more) return false;
  for (std::size_t i = 0; i < plan.read.columns.size(); ++i) {
    const Column* sent = find_column(plan.read.table, plan.read.columns[i].name);
    const Column* taken = find_column(there, plan.write.columns[i].name);
    if (sent == nullptr || taken == nullptr || sent->native != taken->native) return false;
    if (sent->collation != taken->collation || sent->charset != taken->charset) return false;
    if ((sent->nullable && !taken->nullable) || taken->type.kind == Kind::dynamic) return false;
  }
  return std::all_of(
      there.primary_key->parts.begin(), there.primary_key->parts.end(), [&](const IndexPart& part) {
        const Column* column = find_column(there, part.column);
        return column != nullptr &&
               (column->type.kind == Kind::int16 || column->type.kind == Kind::int32 ||
                column->type.kind == Kind::int64);
      });
}

bool is_written(const TablePlan& plan, const Column& column) {
  const auto& columns = plan.write.columns;
  return column.generated || std::any_of(columns.begin(), columns.end(), [&](const ColumnWrite& c) {
           return c.name == column.name;
         });
}

}  // namespace

void log_difference(const Pair& pair, const SyncWish& wish, const Difference& difference,
                    std::size_t place, ChangeLog& changes) {
  const bool keyed = !pair.repair.mended.key.empty();
  switch (difference.what) {
    case What::only_source:
      if (wish.inserts) changes.add(place, Change::insert, {}, difference.source);
      return;
    case What::only_target:
      if (wish.removes) changes.add(place, Change::remove, {}, difference.target);
      return;
    case What::changed:
      if (!wish.updates || !any_written(pair, difference)) return;
      if (keyed) return changes.add(place, Change::update, difference.places, difference.source);
      changes.add(place, Change::remove, {}, difference.target);
      changes.add(place, Change::insert, {}, difference.source);
      return;
    case What::unreadable:
      return;
  }
}

void look_again(Pair& pair, const Compared& compared, bool whole) {
  std::vector<Gap>& gaps = pair.compared.source.gaps;
  gaps = pair.whole;
  if (whole || !pair.compared.ranges || compared.pages.empty()) return;
  gaps.clear();
  for (const Page& page : compared.pages) {
    gaps.push_back({.part = page.part, .lower = page.lower, .upper = page.upper});
  }
}

bool cheaper_to_copy(const ChangeLog& changes, std::size_t place, std::int64_t source_rows) {
  // In rows that are copied: a job's overhead, and what a changed row costs. Estimates: a changed
  // row goes through the temporary table, is sought there, and compared once more.
  constexpr std::int64_t kJob = 100'000;
  constexpr std::int64_t kChange = 3;
  const std::int64_t repair =
      changes.count(place, Change::insert) +
      kChange * (changes.count(place, Change::update) + changes.count(place, Change::remove));
  return repair > source_rows + kJob;
}

std::optional<Error> find_danger(const Pair& pair, ChangeLog& changes, std::size_t place) {
  const MendedTable& mended = pair.repair.mended;
  const auto refusal = [&](const char* code, const std::string& text, const std::string& hint) {
    return Error(ErrorKind::schema, code, text)
        .at("table " + to_string(mended.rows.name))
        .hint(hint);
  };
  const bool removes = changes.count(place, Change::remove) > 0;
  if (mended.key.empty() && removes && pair.lacks_key) {
    return refusal("key.left_out",
                   "rows differ, and columns of the target's primary key are left out",
                   "take the key in with --columns");
  }
  if (mended.key.empty() && removes && !mended.cascades.empty()) {
    return refusal("row.followed",
                   "rows differ, no key that both sides have names them, and rows of " +
                       to_string(mended.cascades.front().from) + " would go with those deleted",
                   "give the table a primary key, NOT NULL, at both sides");
  }
  if (pair.followed.empty()) return std::nullopt;
  std::string found;
  changes.each(place, Change::update, [&](const std::vector<int>& columns, std::string_view) {
    for (const int column : columns) {
      const std::string& name = mended.rows.columns[static_cast<std::size_t>(column)].name;
      if (std::find(pair.followed.begin(), pair.followed.end(), name) != pair.followed.end()) {
        found = name;
      }
    }
  });
  if (found.empty()) return std::nullopt;
  return refusal("row.followed",
                 "rows differ in column " + found +
                     ", which rows of a table follow by ON UPDATE that is not part of this run",
                 "take that table in, too, or drop the foreign key first");
}

bool can_be_replaced(const TablePlan& plan, const Dialect& from, const Dialect& to,
                     const Schema& there) {
  if (!takes_every_row(plan, from, to)) return false;
  const TableName& name = plan.write.name;
  const bool referred = std::any_of(there.tables.begin(), there.tables.end(), [&](const Table& t) {
    return std::any_of(t.foreign_keys.begin(), t.foreign_keys.end(),
                       [&](const ForeignKey& key) { return t.name == name || key.to == name; });
  });
  const auto& columns = plan.target.columns;
  return !referred && plan.target.triggers == Table::Triggers::none && plan.read.where.empty() &&
         plan.compared_only.empty() && plan.not_carried.empty() &&
         std::all_of(columns.begin(), columns.end(),
                     [&](const Column& column) { return is_written(plan, column); });
}

}  // namespace rowferry
