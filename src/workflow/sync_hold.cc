#include "workflow/sync_hold.h"

#include <chrono>

#include "flow/retry.h"

namespace rowferry {

namespace {

constexpr std::chrono::seconds kWait{1};

}  // namespace

bool SyncHold::take(const std::vector<std::string>& tables, bool wait) {
  hold_ = ends_.to.hold(ends_.target, ends_.target_options, tables);
  if (hold_ || wait) return hold_ != nullptr;
  throw Error(ErrorKind::conflict, "sync.running",
              "another sync into one of these tables is running")
      .at(ends_.target.text())
      .hint("wait for it with --wait, or run this one later");
}

void SyncHold::wait_for(const std::vector<std::string>& tables) {
  progress_.note("waiting for another sync into one of these tables");
  while (!take(tables, true)) {
    pause_for(kWait, request_.stop);
    if (request_.stop.stop_requested()) throw interrupted();
  }
}

void SyncHold::keep() {
  if (!hold_ || hold_->holds()) return;
  throw Error(ErrorKind::conflict, "sync.hold_lost",
              "the session that keeps other syncs from these tables is gone, so that another one"
              " may have changed them")
      .at(ends_.target.text())
      .hint("run the same command again: it compares both sides anew");
}

}  // namespace rowferry
