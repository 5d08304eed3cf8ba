#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "engine/engine.h"
#include "flow/compare.h"
#include "workflow/plan.h"

namespace rowferry {

// How old rows have to be to be judged: "COLUMN" or "TABLE.COLUMN", where TABLE is a pattern, and
// the age.
using MinAges = std::map<std::string, std::chrono::seconds>;

// What the user's ages mean for tables.
class Ages {
 public:
  explicit Ages(const MinAges& ages) : ages_(ages) {}

  bool any() const { return !ages_.empty(); }
  // Finds the columns that the ages are about; without any of them the tables stay as they are.
  // Throws Error{usage, "age.column"} for a column that keeps no time, and Error{schema, "age.key"}
  // for a table whose rows no key names: a row that has been changed lately would seem to be two of
  // them there, and the old one old enough to be deleted. `texts`: a side's texts may hold times.
  void set(const TablePlan& plan, bool texts, ComparedTable& table);
  // Throws Error{usage, "selection.unused"} for an age whose column no table had that was given.
  void check_used() const;
  // What the source's clock shows, as CompareSettings::now has it.
  static std::int64_t clock(Snapshot& source);

 private:
  const MinAges& ages_;
  std::map<std::string, bool> used_;
};

}  // namespace rowferry
