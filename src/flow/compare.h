#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/digest.h"
#include "engine/engine.h"
#include "flow/age.h"
#include "flow/form.h"
#include "flow/progress.h"
#include "flow/retry.h"
#include "flow/throttle.h"

namespace rowferry {

// One side of a table that is compared: how its rows are read, and brought into the common form.
struct ComparedSide {
  TableRead read;
  std::vector<Form> forms;
  std::vector<Gap> gaps;                  // what is read of it: all of its parts
  std::optional<DigestRead> digest = {};  // how the server digests it; none: rows are read for that
  // A condition that takes the rows of a page.
  std::function<std::string(const Page&)> within = {};
};

struct ComparedTable {
  ComparedSide source;
  ComparedSide target;      // its columns stand in the source's order
  std::vector<Kind> kinds;  // of the form of each column
  std::vector<int> key;     // places of the columns that name a row; none: all of them do
  // Both ends order their rows alike and seek the source's bounds by an index. Where not, rows are
  // compared by buckets of their keys' hashes, which takes a second reading where they differ.
  bool ranges = false;
  std::vector<AgeLimit> ages = {};  // of rows that are too young to be judged
  // Rows of the smaller pages that a page which differs is cut into, in turn, where both servers
  // digest; 1: rows are digested one by one. What differs in the end is read whole.
  std::vector<std::int64_t> finer = {};
  // Pages have ordered digests, which servers take too; else sums, made here of rows that are read.
  bool digested() const { return source.digest || target.digest; }
};

struct Difference {
  enum class What { only_source, only_target, changed, unreadable };
  What what = What::changed;
  std::string key;                   // "id=1, name=x"
  std::vector<std::string> columns;  // that differ, by the source's names
  std::string reason;                // why a row cannot be read
  Digest name = {};                  // of what names the row: the same for the same row only
  // Where rows are wanted: the places of `columns`, and the row of either side as it was read, in
  // format `cells`; empty where that side has none.
  std::vector<int> places = {};
  std::string source = {};
  std::string target = {};
};

// "only_source", "changed": stable, for programs.
std::string_view name_of(Difference::What what);

// What became of one table.
struct Compared {
  std::int64_t source_rows = 0;
  std::int64_t target_rows = 0;
  std::int64_t bytes = 0;  // read of both sides
  std::int64_t only_source = 0;
  std::int64_t only_target = 0;
  std::int64_t changed = 0;
  std::int64_t unreadable = 0;  // rows that one side cannot give in the common form
  std::int64_t left_alone = 0;  // rows that differ and are too young to be judged
  std::int64_t in_flight = 0;   // rows that differed at one of two looks only
  std::int64_t moving = 0;      // rows that differ, and that the source went on changing
  double seconds = 0;
  double fetch_seconds = 0;  // of these: of reading row by row what differs
  bool ended = false;        // every row has been compared
  std::optional<Error> error;
  std::vector<Page> pages = {};  // that hold differences; only of ranges, and where rows are wanted
  std::int64_t passed_over = 0;  // pages that were left out of a sample
  std::int64_t statements = 0;   // that digested or read pages, of the side with more
  // Rows that differ by where they lie in the order of the key, in kCells parts of the table;
  // empty where rows have no order that both sides share.
  std::vector<std::int64_t> cells = {};

  std::int64_t differences() const { return only_source + only_target + changed + unreadable; }
};

struct CompareSettings {
  int lanes = 1;  // sessions a side
  RetryPolicy retry;
  std::stop_token stop;
  PageSize page;
  bool rows = false;  // differences come with the rows themselves
  double sample = 1;  // the share of pages that is compared; only of ranges
  // Told of pages that are equal, so that another run can leave them out, and of tables that are
  // compared by buckets, as of one page. From any thread, one at a time.
  std::function<void(std::size_t table, const Page&, std::int64_t rows)> equal = {};
  Throttle* throttle = nullptr;  // holds lanes up
  // The source's clock when its view was opened, in microseconds since 2000-01-01 in UTC: younger
  // rows than ComparedTable::ages allow are counted and not told. Needs `rows`.
  std::optional<std::int64_t> now = {};
};

// Who wants to know each difference as it is found: the table's place in the list, and what
// differs. Called from any thread, one at a time.
using TakeDifference = std::function<void(std::size_t, const Difference&)>;

// Compares every row of the tables, which both snapshots hold still. Changes nothing. An error of
// kind data, schema or conflict is its table's only and stands in its Compared; of the others the
// first wins and is thrown, and `compared` says what was known by then. Memory does not grow with
// rows or differences: what differs of tables without `ranges` is put into unnamed files in the
// directory for temporary ones.
void compare(const std::vector<ComparedTable>& tables, Snapshot& source, Snapshot& target,
             const CompareSettings& settings, Progress& progress, const TakeDifference& take,
             std::vector<Compared>& compared);

}  // namespace rowferry
