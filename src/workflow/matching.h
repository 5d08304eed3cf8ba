#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "workflow/plan.h"
#include "workflow/rules.h"

namespace rowferry {

// What a source column is called at the target, and what the user's rules say of it.
struct ColumnGoal {
  std::string name;
  ColumnDecision decision;
};

// What a report says of such a column.
std::string only_at_target(const std::string& column);

// Pairs the columns of a source table with those of the target table that `goals`, one for each,
// name, and chooses how their values travel. Fills read.columns, write.columns and the format of
// both; what does not fit is added to plan.errors, what is worth knowing to plan.not_carried.
void match_columns(const Table& source, const std::vector<ColumnGoal>& goals, const Table& target,
                   const Dialect& from, const Dialect& to, TablePlan& plan);

// The same for tables that are compared: columns that the server computes are paired like others,
// values of types that do not fit are read as text, rows never as the server's own line of text,
// and columns that only one side has are named in plan.not_carried, "column.missing" those of the
// source. `printed`: no row travels in a form that only its server can read.
void pair_columns(const Table& source, const std::vector<ColumnGoal>& goals, const Table& target,
                  const Dialect& from, const Dialect& to, bool printed, TablePlan& plan);

}  // namespace rowferry
