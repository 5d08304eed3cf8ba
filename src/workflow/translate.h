#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "workflow/name_set.h"
#include "workflow/rules.h"

namespace rowferry {

// What the user's rules say of a column, and the labels of an enum that they need.
struct ColumnWish {
  ColumnDecision decision;
  std::vector<std::string> labels;
};

struct Translation {
  Table table;                    // in the target's words
  std::vector<UserType> types;    // that columns of the table need
  std::vector<Loss> not_carried;  // each with its place and why
  std::vector<Error> errors;      // why the table cannot be created at all
};

// `table` of the source as the target will have it. `name_of` gives the target's name of another
// source table, empty when that is not part of the copy. `wishes` are those of the table's columns,
// or none at all. A pure function, but for `names`.
Translation translate(const Table& table, const TableName& name, const Dialect& source,
                      const Dialect& target,
                      const std::function<TableName(const TableName&)>& name_of,
                      const std::vector<ColumnWish>& wishes, NameSet& names);

}  // namespace rowferry
