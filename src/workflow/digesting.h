#pragma once

#include "flow/compare.h"
#include "workflow/plan.h"
#include "workflow/request.h"

namespace rowferry {

struct DigestWish {
  bool strong = false;  // 128 bits in any case
  Digests where = Digests::automatic;
  double round_trip = 0;  // seconds, of the slower side
};

// Lets the servers digest the rows of a table that is compared by ranges, where they are proven to
// come to the same for equal rows: both in the words of their kind, or each in canonical texts, and
// then what one server cannot is read on that side. Canonical texts take a server longer than
// sending the rows does, so that these are read where the way is short.
void choose_digests(const TablePlan& plan, const Dialect& from, const Dialect& to,
                    const DigestWish& wish, ComparedTable& table);

// "digested in both servers", "digested at the source, read at the target", "read": for people.
std::string describe_digests(const ComparedTable& table);

}  // namespace rowferry
