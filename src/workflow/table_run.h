#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "flow/load.h"
#include "workflow/ends.h"
#include "workflow/plan.h"

namespace rowferry {

// A table of a running copy: its plan, what the ledger says of it, and what became of it.
struct TableRun {
  TablePlan* plan = nullptr;
  bool begun = false;    // by this job, now or earlier
  bool resumed = false;  // begun by an earlier run and gone on with
  std::int64_t rows_before = 0;
  std::int64_t rows_landed = 0;     // by earlier runs
  std::int64_t left_out = 0;        // rows that earlier runs landed pages without
  std::vector<Page> pages_without;  // those pages
  std::vector<Gap> gaps;            // what is still to load
  std::set<std::string> positions;  // of the snapshots that its landed pages were read under
  TableReport report;
};

// Finds tables of a copy by their name at the target.
class TableIndex {
 public:
  explicit TableIndex(std::vector<TableRun>& tables) {
    for (TableRun& run : tables) runs_.emplace(run.plan->write.name, &run);
  }
  // nullptr when the copy has no such table.
  TableRun* find(const TableName& name) const {
    const auto found = runs_.find(name);
    return found == runs_.end() ? nullptr : found->second;
  }

 private:
  std::map<TableName, TableRun*> runs_;
};

// What must happen at the target before loading: drop and empty, forget, create, begin.
struct Preparation {
  std::vector<TableName> forget;  // what this job's ledger rows say of them, after emptying
  std::vector<TableName> drop;
  std::vector<TableName> empty;
  std::vector<Begun> begin;
};

// What deciding depends on besides the table.
struct Situation {
  const Request& request;
  std::string position;  // of the snapshot now open
  Pager& pager;          // of that snapshot
  bool restart = false;
  // When this job finished before and is to start over: the tables it filled, with their rows.
  std::map<std::string, std::int64_t> own_finished;
};

// Decides for each table whether it is created, emptied, gone on with or refused; changes nothing
// at the target. Refusals of whole runs are thrown: Error{conflict} that names every table in the
// way.
Preparation decide(std::vector<TableRun>& tables, const Situation& situation, const Ends& ends,
                   Catalog& target, Ledger& ledger);

// Whether a table that is there holds no row.
bool is_empty(Catalog& catalog, const Dialect& dialect, const TableName& name);

// Nothing when a begun table holds what the ledger says; else the error.
std::optional<Error> misfit(const TableRun& run, const RowCount& count, const Request& request);

// The parts of a table that are read on their own: its leaf partitions, or "" for a whole table.
std::vector<std::string> parts_of(const Table& table);

}  // namespace rowferry
