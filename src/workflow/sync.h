#pragma once

#include <string>
#include <vector>

#include "flow/repair.h"
#include "workflow/verify.h"

namespace rowferry {

// What the user lets be done.
struct SyncWish {
  bool dry_run = false;
  bool inserts = true;
  bool updates = true;
  bool removes = true;
  bool wait = false;   // for another sync into one of the tables
  bool alter = false;  // columns of the target, before anything else
  // Takes a script of what would be done, which is a dry run then; none: there is to be none.
  std::function<void(std::string_view)> script = {};
  bool lite = false;  // look at rows past the marks of earlier runs only, and delete none
  // Columns that say when a row was changed: by a table's pattern, or by none for all that have it.
  std::vector<std::pair<std::string, std::string>> modified = {};
  std::size_t most = 10;  // differences of a table that are kept for the report
};

enum class Synced {
  identical,   // there was no difference
  repaired,    // those that there were are gone: both sides have been compared anew
  not_proven,  // no row is known to differ now, and some were left alone or not looked at
  kept,        // rows differ that the user wants left as they are, and no others
  copied,      // the target had no such table
  differs,     // rows or columns still differ
  failed,      // it could not be compared, or not be repaired
  unfinished,  // stopped before its end
};

std::string_view name_of(Synced synced);

struct SyncedTable {
  TableName source;
  TableName target;
  Synced state = Synced::unfinished;
  std::string by;            // "ranges of id"
  Compared compared;         // the first comparison
  Compared left;             // the last one, of what had been repaired
  double seconds = 0;        // of all comparisons
  double fetch_seconds = 0;  // and of these: of reading row by row what differs
  std::int64_t bytes = 0;    // read of both sides, by all of them
  Repaired repaired;
  std::vector<Difference> first;     // some of the differences found first
  std::vector<std::string> altered;  // statements about its columns, in a dry run to be run yet
  std::vector<Loss> notes;  // columns that one side lacks, rows that stay by the user's wish
  std::vector<Error> errors;
};

struct SyncReport {
  std::vector<SyncedTable> tables;
  std::string not_proven;     // what a quick run has not looked for
  std::string not_one_point;  // why rows of the source were not seen at one moment
  double seconds = 0;
  bool dry_run = false;
  bool interrupted = false;
};

using SyncDiffers = std::function<void(const SyncedTable&, const Difference&)>;

// Compares every row of both sides and changes the target's until it holds what the source's
// snapshot does; tables that it lacks are copied there. Run again after any end, it goes on from
// what it finds. Throws what ends the whole run.
SyncReport sync(const Request& request, const Surroundings& surroundings, const SyncWish& wish,
                const SyncDiffers& take);

}  // namespace rowferry
