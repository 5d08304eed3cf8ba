#pragma once

#include "flow/compare.h"
#include "workflow/digesting.h"
#include "workflow/plan.h"

namespace rowferry {

// How the two sides of a table that is there at both ends are compared: in which form each column,
// what names a row, and whether ranges of the source's key can be sought at the target. The pagers
// say what each side is best cut by. Borrows the dialects.
ComparedTable make_comparison(const TablePlan& plan, const Dialect& from, const Dialect& to,
                              Pager& source, Pager& target, const DigestWish& wish);

// The source's key as the target's columns, where both ends put its values in one order and read
// each other's bounds, whatever the target is best cut by.
std::optional<Cut> shared_key(const ComparedTable& table, const Dialect& from, const Dialect& to);

// "ranges of id", "buckets of (a, b)", "buckets of whole rows": for people.
std::string describe(const ComparedTable& table);

}  // namespace rowferry
