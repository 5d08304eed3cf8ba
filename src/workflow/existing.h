#pragma once

#include "workflow/plan.h"

// What to make of a table that the target has already. Pure functions.
namespace rowferry {

// Triggers of the target would change or double what is copied: says that they do not fire, or why
// the table cannot be loaded.
void put_triggers_aside(const Table& there, TablePlan& plan);

// What an existing table has under another name is the same thing: plan.target takes that name
// over. A key or index of the same name on other columns is an error of the plan.
void adopt_names(const Table& there, TablePlan& plan);

// Foreign keys of `there` that are not planned: they stand during the load.
std::vector<ForeignKey> other_keys(const Table& there, const Table& planned);

// True when `table` has already what `statement` makes: an earlier run built it, or the user did.
bool stands_already(const Table& table, const Statement& statement);

// Numbers that the target has given out already are not given out again.
void raise_next_values(Table& planned, const Table& there);

// Whether something in `there` is numbered on from less than in `source`.
bool numbers_behind(const Table& there, const Table& source);

// `there`, with the next values that `source` says.
Table with_next_values(Table there, const Table& source);

}  // namespace rowferry
