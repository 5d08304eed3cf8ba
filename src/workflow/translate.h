#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "workflow/rules.h"

namespace rowferry {

// Names of indexes and constraints already taken at the target, so that none clashes.
class NameSet {
 public:
  explicit NameSet(const DdlRules& rules) : rules_(rules) {}
  // `wanted`, cut to what the target allows and made unique by a suffix where it is taken.
  std::string take(const std::string& schema, const std::string& wanted);
  // Notes a table's name, which indexes may not have on some servers.
  void add(const TableName& table) { taken_.insert(folded(table.schema, table.table)); }

 private:
  std::string folded(const std::string& schema, const std::string& name) const;

  const DdlRules& rules_;
  std::set<std::string> taken_;
};

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
