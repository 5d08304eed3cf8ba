#pragma once

#include <set>
#include <string>

#include "core/schema.h"
#include "engine/engine.h"

namespace rowferry {

// ASCII letters only, as names are compared where case does not tell them apart.
std::string lower(std::string text);

// The length of a name as the target counts it: in characters or in bytes.
std::size_t name_length(const std::string& name, const DdlRules& rules);

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

}  // namespace rowferry
