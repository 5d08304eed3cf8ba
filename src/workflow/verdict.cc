#include "workflow/verdict.h"

#include "engine/sql/ddl.h"

namespace rowferry {

void complete(TableRun& run) {
  TableReport& report = run.report;
  report.rows = run.rows_landed + report.rows_moved;
  if (!report.errors.empty()) {
    report.state = TableState::failed;
  } else if (run.positions.size() > 1) {
    report.state = TableState::not_one_point;
  } else if (run.resumed && run.gaps.empty()) {
    report.state = TableState::earlier;
  }
}

std::string not_one_point(const std::vector<TableRun>& tables) {
  std::set<std::string> positions;
  std::vector<std::string> mixed;
  for (const TableRun& run : tables) {
    if (!run.begun) continue;
    positions.insert(run.positions.begin(), run.positions.end());
    if (run.positions.size() > 1) mixed.push_back(to_string(run.plan->write.name));
  }
  if (positions.size() <= 1) return "";
  std::string text =
      "the source changed between the runs of this job: every table is whole, but they are not all"
      " of one point in time";
  if (!mixed.empty()) {
    text += "; rows read at different times stand together in " + sql::joined(mixed, ", ");
  }
  return text +
         ". `rowferry sync` closes the gap; the same command with --restart copies all again.";
}

}  // namespace rowferry
