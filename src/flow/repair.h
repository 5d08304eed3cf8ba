#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "flow/change_log.h"
#include "flow/progress.h"
#include "flow/retry.h"
#include "flow/throttle.h"

namespace rowferry {

// A table whose rows are to become those of the other side.
struct RepairTable {
  TableName source;  // what people call it
  MendedTable mended;
  std::vector<Kind> kinds;           // of cells of the source's rows
  std::vector<Kind> standing_kinds;  // and of the target's
};

// A row that could not be changed.
struct Unrepaired {
  Change change = Change::insert;
  std::string key;   // "id=1"
  std::string code;  // "row.constraint"
  std::string reason;
};

// What became of one table: rows that have been changed.
struct Repaired {
  std::int64_t inserted = 0;
  std::int64_t updated = 0;
  std::int64_t removed = 0;
  std::int64_t refused = 0;
  std::vector<Unrepaired> first;  // some of those that were refused
  double seconds = 0;             // of writing
  std::optional<Error> error;     // what ended this table, and no other
};

// "id=1": a row that such a change is about.
std::string name_of_row(const RepairTable& table, Change change, std::string_view row);

struct RepairSettings {
  RetryPolicy retry;
  std::stop_token stop;
  bool adopts = true;            // a row whose key the server takes for another's may be taken over
  Throttle* throttle = nullptr;  // holds writing up
};

// Changes the tables' rows as `changes` says, in transactions of some megabytes: updates and
// inserts first, in the order of the tables, where those that others refer to stand first; then
// deletes, in the other order. Rows that are refused are tried again when the others are through;
// those that stand in each other's way for a unique key change places in one transaction. What is
// refused then, too, is told of. Repeatable: throws what ended it with some changes made and others
// not, an Error{ambiguous} too, and then both sides have to be compared anew.
void repair(const std::vector<RepairTable>& tables, ChangeLog& changes,
            const std::function<std::unique_ptr<Mender>()>& mender, const RepairSettings& settings,
            Progress& progress, std::vector<Repaired>& repaired);

}  // namespace rowferry
