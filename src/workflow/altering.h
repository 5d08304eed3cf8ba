#pragma once

#include <string>
#include <vector>

#include "engine/sql/alter.h"
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

}  // namespace rowferry
