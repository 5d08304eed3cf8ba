#pragma once

#include <string>

#include "workflow/ends.h"
#include "workflow/plan.h"

namespace rowferry {

// What the plan is for: tables that are compared stay as they are; those that a script is written
// for give their rows in a form that can be printed.
enum class Purpose { move, compare, script };

// Reads the source's schema, translates it, compares it with what the target has, and lists the
// statements and losses. `target` may be null: then the target is taken as empty. Cuts are chosen
// by the caller. Throws Error{usage} for a selection that names nothing.
Plan make_plan(const Ends& ends, const Request& request, Catalog& source, Catalog* target,
               Purpose purpose = Purpose::move);

// What must be the same for a table that has been begun to be gone on with.
std::string plan_fingerprint(const TablePlan& plan);

}  // namespace rowferry
