#pragma once

#include <string>
#include <vector>

#include "flow/compare.h"
#include "workflow/request.h"

namespace rowferry {

// What the user wants of a comparison.
struct VerifyWish {
  std::size_t most = 10;  // differences of a table that are kept in its `first`
  double sample = 1;      // the share of pages that is looked at
  std::int64_t last = 0;  // only so many of the highest keys of either side; 0: all
  bool explain = false;   // says how each table is compared, and why
};

enum class Verdict {
  equal,       // every row was compared, and none differs
  different,   // rows or columns differ
  not_proven,  // no row is known to differ, and some have not been looked at, or been left alone
  failed,      // it could not be compared
  unfinished,  // stopped before its end
};

std::string_view name_of(Verdict verdict);

struct VerifiedTable {
  TableName source;
  TableName target;
  Verdict verdict = Verdict::unfinished;
  std::string by;                 // "ranges of id"
  std::string how;                // where digests are taken, and of which pages
  std::int64_t earlier_rows = 0;  // that an earlier run, which did not end, has compared
  Compared compared;
  std::vector<Difference> first;  // some of the differences
  std::vector<Loss> notes;        // columns that one side lacks
  std::vector<Error> errors;
};

struct VerifyReport {
  std::vector<VerifiedTable> tables;
  std::string not_one_point;  // why rows of one side were not seen at one moment
  std::string earlier;        // when an earlier run began, whose comparison is gone on with
  double seconds = 0;
  bool interrupted = false;
};

// Called with the table and what differs in it, one at a time.
using TableDiffers = std::function<void(const VerifiedTable&, const Difference&)>;

// Compares every row of both sides, or those that the wish names, and changes neither. All
// differences are given to `take`. What a run that did not come to its end has found equal is left
// out. Throws what ends the whole run.
VerifyReport verify(const Request& request, const Surroundings& surroundings,
                    const VerifyWish& wish, const TableDiffers& take);

}  // namespace rowferry
