#pragma once

#include <set>
#include <string>
#include <vector>

#include "workflow/copy.h"
#include "workflow/ends.h"
#include "workflow/synced.h"

namespace rowferry {

// Tables that a sync copies instead of changing their rows: those that the target lacks, and those
// whose rows mostly differ. Each is of a job as `copy` has them, so that the next sync goes on with
// what a killed one has begun.
class SyncCopies {
 public:
  // `report`: whose tables they are.
  SyncCopies(const Request& request, const Surroundings& surroundings, const Ends& ends,
             const SyncWish& wish, SyncReport& report);

  void add_missing(const TableName& source) { missing_.insert(source); }
  bool is_missing(const TableName& source) const { return missing_.count(source) > 0; }

  // Finds what has been begun. Tables that are somebody else's copy get an error: rows that are
  // being loaded would seem to be too many.
  void find_begun();
  // By an earlier sync, and has to be emptied and copied to its end.
  bool is_begun(const TableName& source) const { return begun_.count(source) > 0; }

  // Copies what the target lacks, as far as that is wanted.
  void copy_missing();
  // Empties the table and copies it. False, and a note of the table, when that could not be begun:
  // its rows are as they were. Throws Error{interrupted}.
  bool replace(SyncedTable& table);

  // Whether the table had to be made, and is there.
  Copied state(const TableName& source) const;

 private:
  Request only(const std::set<TableName>& sources) const;
  Request in_place(const TableName& source) const;
  void sort_out(const std::string& job, const std::set<TableName>& tables);
  void refuse(const std::set<TableName>& tables, const std::string& job);
  void copy_tables(const std::set<TableName>& sources);
  std::string try_to_replace(SyncedTable& table);
  bool is_unfinished(const TableName& target) const;

  const Request& request_;
  const Surroundings& surroundings_;
  const Ends& ends_;
  const SyncWish& wish_;
  SyncReport& report_;
  std::set<TableName> missing_;                  // all by the source's names
  std::vector<std::set<TableName>> begun_jobs_;  // of those, what jobs of earlier syncs have begun
  std::set<TableName> begun_;                    // tables that were being replaced
  std::set<TableName> copied_;
};

}  // namespace rowferry
