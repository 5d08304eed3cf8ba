#pragma once

#include <set>
#include <string>
#include <vector>

#include "flow/compare.h"
#include "flow/repair.h"
#include "workflow/plan.h"

namespace rowferry {

// Foreign keys between tables of the target, and what follows from them.
class References {
 public:
  // `there`: every table of the target that may refer to another.
  explicit References(const Schema& there) : there_(there) {}

  // Places of the tables, those that others refer to first; where they refer to each other in a
  // circle, in the given order.
  std::vector<std::size_t> parents_first(const std::vector<TableName>& tables) const;
  // Keys that change rows elsewhere when rows of `table` are removed.
  std::vector<Cascade> cascades(const TableName& table) const;
  // Columns of `table` that rows of tables which are none of `known` follow when they change.
  std::vector<std::string> followed(const TableName& table, const std::set<TableName>& known) const;
  // Tables whose rows a change of this one's may change.
  std::vector<TableName> touched(const TableName& table) const;

 private:
  const Schema& there_;
};

// How rows of a table that has been compared are changed at the target.
RepairTable make_repair(const TablePlan& plan, const ComparedTable& compared,
                        const References& references);

}  // namespace rowferry
