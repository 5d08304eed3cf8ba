#include "flow/retry.h"

#include <condition_variable>
#include <mutex>

namespace rowferry {

Error interrupted() {
  return Error(ErrorKind::interrupted, "interrupted", "stopped before the end")
      .hint("run the same command again: it goes on where it stopped");
}

void pause_for(std::chrono::milliseconds time, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, time, [] { return false; });
}

void with_retries(const RetryPolicy& policy, const std::stop_token& stop,
                  const std::function<void(std::string_view)>& note,
                  const std::function<void(int)>& attempt) {
  for (int number = 0;; ++number) {
    try {
      attempt(number);
      return;
    } catch (const Error& error) {
      const bool again =
          error.kind() == ErrorKind::transient || error.kind() == ErrorKind::ambiguous;
      if (stop.stop_requested()) throw interrupted();
      if (!again || error.code() == "snapshot.lost" || number >= policy.times) throw;
      const auto pause = policy.pause * (1 << std::min(number, 6));
      note(error.line() + "; trying again in " + std::to_string(pause.count()) + " ms");
      pause_for(pause, stop);
    }
    if (stop.stop_requested()) throw interrupted();
  }
}

}  // namespace rowferry
