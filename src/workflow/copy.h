#pragma once

#include <string>
#include <vector>

#include "engine/finding.h"
#include "workflow/plan.h"
#include "workflow/request.h"

namespace rowferry {

struct CopyReport {
  std::string job;
  std::filesystem::path dir;    // of the job
  std::string finished_before;  // when the job was finished already: the time, and nothing was done
  std::string finished_short;   // and what that job was short of; empty when nothing
  bool resumed = false;
  bool interrupted = false;
  // Not empty: the tables are not all of one point in time; says why and how to close the gap.
  std::string not_one_point;
  std::vector<std::string> sync_commands;  // each closes the gap of a table, or of all of them
  // Not empty: what stood in the way, and nothing was touched.
  std::vector<Finding> blockers;
  std::vector<TableReport> tables;
  std::vector<Loss> not_carried;  // of the schema as a whole: views, sequences, …
  double seconds = 0;
};

// Schema, rows, keys and next values from source to target, exactly once and resumable. Repeatable:
// running it again goes on where it ended. Throws Error for what ends the run; what ends one table
// stands in its report.
CopyReport copy(const Request& request, const Surroundings& surroundings);

}  // namespace rowferry
