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
  // In rows that are copied, as measured: a job's overhead, and what a changed row costs.
  constexpr std::int64_t kJob = 100'000;
  constexpr std::int64_t kChange = 3;
  const std::int64_t repair =
      changes.count(place, Change::insert) +
      kChange * (changes.count(place, Change::update) + changes.count(place, Change::remove));
  return repair > source_rows + kJob;
}

bool can_be_replaced(const TablePlan& plan, const Schema& there) {
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
