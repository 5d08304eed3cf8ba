#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "flow/progress.h"
#include "workflow/check.h"
#include "workflow/collisions.h"

namespace rowferry {

// Reads each table of a plan once and checks each value against what the target can hold; writes to
// neither end. Also asks the source for rows without the row that a foreign key names.
class TableProbe {
 public:
  TableProbe(const Request& request, const Ends& ends, Snapshot& snapshot, Progress& progress)
      : request_(request), ends_(ends), snapshot_(snapshot), progress_(progress) {}

  // Adds what it finds to `report`. A table that cannot be read is a finding, and the others are
  // read. Throws Error{interrupted | transient}.
  void run(const Plan& plan, CheckReport& report);

 private:
  // Values of one column that are refused for one reason.
  struct Tally {
    std::string reason;
    std::int64_t count = 0;
    std::vector<std::string> keys;
  };

  void probe_table(const TablePlan& plan);
  void read_page(const TablePlan& plan, Reader& reader, const TableRead& read, const Page& page);
  void look_for_nulls(const TablePlan& plan);
  void look_at_cells(const TablePlan& plan, const Batch& batch);
  void choose_checks(const TablePlan& plan);
  void add(const std::string& code, const std::string& column, std::string_view reason,
           std::string key);
  void tell(const TablePlan& plan);
  void look_for_orphans(const Plan& plan, const TablePlan& table, const ForeignKey& key);

  const Request& request_;
  const Ends& ends_;
  Snapshot& snapshot_;
  Progress& progress_;
  CheckReport* report_ = nullptr;
  std::vector<CellCheck> checks_;  // of the table at hand, a column each
  std::vector<bool> filled_;       // which columns take no NULL
  std::map<std::pair<std::string, std::string>, Tally> tallies_;  // by code and column
  std::unique_ptr<Collisions> collisions_;
};

}  // namespace rowferry
