#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "flow/compare.h"
#include "flow/side_reader.h"

namespace rowferry {

// Compares rows of a table that conditions name by their keys, few enough to be kept in memory.
// Belongs to one thread at a time.
class LookUp {
 public:
  // Borrows all; the snapshots open a session each when they are first asked.
  LookUp(const ComparedTable& table, Snapshot& source, Snapshot& target, Throttle* throttle);

  // Compares the rows for which `here` is true at the source with those of the same keys, which
  // `there` names at the target: what only the target has is passed over. Adds to the sums of
  // `compared`. Repeatable.
  void compare(const std::string& here, const std::string& there, const std::stop_token& stop,
               const std::function<void(const Difference&)>& take, Compared& compared);

 private:
  const ComparedTable& table_;
  ComparedSide ours_;
  ComparedSide theirs_;
  SideReader source_;
  SideReader target_;
};

}  // namespace rowferry
