#pragma once

#include <string>
#include <vector>

#include "flow/compare.h"
#include "workflow/request.h"

namespace rowferry {

enum class Verdict {
  equal,       // every row was compared, and none differs
  different,   // rows or columns differ
  failed,      // it could not be compared
  unfinished,  // stopped before its end
};

std::string_view name_of(Verdict verdict);

struct VerifiedTable {
  TableName source;
  TableName target;
  Verdict verdict = Verdict::unfinished;
  std::string by;  // "ranges of id"
  Compared compared;
  std::vector<Difference> first;  // some of the differences
  std::vector<Loss> notes;        // columns that one side lacks
  std::vector<Error> errors;
};

struct VerifyReport {
  std::vector<VerifiedTable> tables;
  std::string not_one_point;  // why rows of one side were not seen at one moment
  double seconds = 0;
  bool interrupted = false;
};

// Called with the table and what differs in it, one at a time.
using TableDiffers = std::function<void(const VerifiedTable&, const Difference&)>;

// Compares every row of both sides and changes neither. `most`: differences of a table that are
// kept in its `first`; all of them are given to `take`. Throws what ends the whole run.
VerifyReport verify(const Request& request, const Surroundings& surroundings, std::size_t most,
                    const TableDiffers& take);

}  // namespace rowferry
