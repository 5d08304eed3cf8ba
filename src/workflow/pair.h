#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flow/change_log.h"
#include "workflow/comparison.h"
#include "workflow/lite.h"
#include "workflow/repairing.h"
#include "workflow/sync.h"

namespace rowferry {

// A table that is there at both ends of a sync.
struct Pair {
  std::size_t report = 0;  // its place there
  ComparedTable compared;
  RepairTable repair;
  std::vector<Gap> whole = {};                  // all of the source's rows
  std::vector<std::string> compared_only = {};  // columns that take no value of the source's
  std::vector<Statement> next_values = {};      // raise what the target's columns are numbered by
  bool numbered_behind = false;                 // the target numbers on from less than the source
  bool replaceable = false;                     // nothing is lost if it is emptied and copied anew
  bool lacks_key = false;                       // columns of the target's primary key are left out
  // Columns of the target that tables which are not part of this run follow.
  std::vector<std::string> followed = {};
  std::string plan = {};               // its fingerprint
  std::optional<LiteTable> lite = {};  // of a quick run
};

// Adds what both sides' comparison brought up, if the user wants it mended.
void log_difference(const Pair& pair, const SyncWish& wish, const Difference& difference,
                    std::size_t place, ChangeLog& changes);

// Has only those pages compared the next time that differed, if all that was done was done there.
void look_again(Pair& pair, const Compared& compared, bool whole);

// Why the table's rows cannot be changed so without harm to rows of others, or to themselves.
std::optional<Error> find_danger(const Pair& pair, ChangeLog& changes, std::size_t place);

// Whether copying the table takes less than changing its rows does.
bool cheaper_to_copy(const ChangeLog& changes, std::size_t place, std::int64_t source_rows);

// Whether a table of the target can be emptied and loaded without anybody else's noticing more than
// that, and no row of the source can be refused: it has the source's types, its key is of whole
// numbers, and nothing else constrains it; no foreign key is about it, no trigger, no column that
// the source lacks, and all of the source's rows are wanted. `there`: all of the target.
bool can_be_replaced(const TablePlan& plan, const Dialect& from, const Dialect& to,
                     const Schema& there);

}  // namespace rowferry
