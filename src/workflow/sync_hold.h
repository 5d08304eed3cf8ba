#pragma once

#include <memory>
#include <string>
#include <vector>

#include "workflow/ends.h"

namespace rowferry {

// Keeps other syncs from tables of the target: two of them would each undo what the other one does.
class SyncHold {
 public:
  SyncHold(const Request& request, const Ends& ends, Progress& progress)
      : request_(request), ends_(ends), progress_(progress) {}

  // False when another sync has one of the tables, which are named in order. Without `wait` that
  // throws Error{conflict, "sync.running"}.
  bool take(const std::vector<std::string>& tables, bool wait);
  // Takes them as soon as nobody has them.
  void wait_for(const std::vector<std::string>& tables);
  // Before anything is changed by what a comparison of some hours has found: throws
  // Error{conflict, "sync.hold_lost"} when somebody else may have changed it since.
  void keep();

 private:
  const Request& request_;
  const Ends& ends_;
  Progress& progress_;
  std::unique_ptr<Hold> hold_;
};

}  // namespace rowferry
