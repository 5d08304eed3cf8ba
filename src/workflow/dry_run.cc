#include "workflow/dry_run.h"

#include "workflow/planning.h"
#include "workflow/table_run.h"

namespace rowferry {

namespace {

std::string fate_of_rows(Existing existing) {
  switch (existing) {
    case Existing::append:
      return "tables that have rows keep them, and the source's are added";
    case Existing::truncate:
      return "tables that have rows are emptied first, but those that this job has begun go on";
    case Existing::drop:
      return "tables that are there are dropped first, but those that this job has begun go on";
    case Existing::refuse:
      break;
  }
  return "tables that have rows are refused, but those that this job has begun go on; --existing"
         " append, truncate or drop says otherwise";
}

}  // namespace

Plan plan_copy(const Request& request, const Surroundings& surroundings, bool pages) {
  const Ends ends = reach(request, surroundings, true);
  const auto snapshot = ends.from.snapshot(ends.source, ends.source_options);
  const auto source = snapshot->catalog();
  const auto target = target_if_there(ends);
  Plan plan = make_plan(ends, request, *source, target.get());
  const auto pager = snapshot->pager();
  for (TablePlan& table : plan.tables) {
    table.read.cut = pager->choose(table.read.table);
    table.has_rows = table.exists && !is_empty(*target, *ends.target_dialect, table.write.name);
    if (table.has_rows) plan.existing = fate_of_rows(request.existing);
    if (!pages || !table.errors.empty()) continue;
    for (const std::string& part : parts_of(table.read.table)) {
      for (const Gap& gap : gaps_between({}, part)) {
        for (Page& page : pager->cut(table.read, gap, ends.page_size(request.page_size))) {
          table.pages.push_back(std::move(page));
        }
      }
    }
  }
  return plan;
}

}  // namespace rowferry
