#pragma once

#include "flow/compare.h"
#include "workflow/plan.h"

namespace rowferry {

// Lets the servers digest the rows of a table that is compared by ranges, where they are proven to
// come to the same for equal rows: both in the words of their kind, or each in canonical texts, and
// then what one server cannot is read on that side. `strong`: 128 bits in any case.
void choose_digests(const TablePlan& plan, const Dialect& from, const Dialect& to, bool strong,
                    ComparedTable& table);

// "digested in both servers", "digested at the source, read at the target", "read": for people.
std::string describe_digests(const ComparedTable& table);

}  // namespace rowferry
