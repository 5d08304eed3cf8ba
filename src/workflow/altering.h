#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/sql/alter.h"
#include "workflow/ends.h"
#include "workflow/plan.h"

namespace rowferry {

// A change of one table that makes its columns take what the source's hold.
struct Alteration {
  TableName table;     // of the target
  std::string column;  // of the target
  std::string sql;     // empty: it cannot be made
  std::string note;    // why not, or what is not carried; empty: nothing to be said
};

// What has to be altered of standing tables. `made`: the tables as a copy would make them;
// `paired`: the same as they are compared with those of `there`. No column is dropped, none takes
// less than before, and no row is changed.
std::vector<Alteration> alterations(const Plan& made, const Plan& paired, const Schema& there,
                                    const Dialect& dialect, const sql::AlterWords& words,
                                    bool folds_case);

// What has become of a table's columns.
struct Altered {
  std::vector<std::string> statements;
  std::vector<Loss> notes;
};

// Runs them, one after the other, and says so; in a dry run it says what would be run. What the
// server refuses is a note of its table. True when something was altered. Run again after any end,
// it goes on with what is left.
bool run_alterations(const std::vector<Alteration>& wanted, const Ends& ends,
                     const std::stop_token& stop, bool dry_run, Progress& progress,
                     std::map<TableName, Altered>& altered);

}  // namespace rowferry
