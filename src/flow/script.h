#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sql/script.h"
#include "flow/change_log.h"
#include "flow/repair.h"

namespace rowferry {

// A table whose rows a script changes. Nothing can be tried, so that what a server may refuse has
// to be known before.
struct ScriptTable {
  RepairTable repair;
  Table target;
  std::vector<int> late;            // places that may refer to rows which come later, and take NULL
  bool tangled = false;             // others of that sort take none
  std::vector<int> referred;        // places that other tables refer to: they keep their values
  std::vector<std::string> hidden;  // unique keys whose values cannot change places
  bool folds = false;               // the server may take keys that differ for one
  std::vector<std::string> after;   // statements to run when rows have been inserted
};

struct ScriptSettings {
  std::stop_token stop;
  bool adopts = true;  // a row whose key the server takes for another's may be taken over
  std::function<void(std::string_view)> put;   // takes the script's text, piece by piece
  std::function<void(std::string_view)> note;  // takes what a person has to know of it
};

// Writes the statements that make the changes, in transactions of some thousand rows: inserts and
// updates, tables that others refer to first; then deletes, the other way round. Unique values of a
// table that may change places do so in one transaction, by way of values that no row has. What
// cannot be written is a comment at its place, and a note. Memory does not grow with the changes.
void write_script(const std::vector<ScriptTable>& tables, ChangeLog& changes,
                  const sql::ScriptWords& words, const ScriptSettings& settings);

}  // namespace rowferry
