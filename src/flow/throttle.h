#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "flow/end_watch.h"
#include "flow/limits.h"
#include "flow/pace.h"
#include "flow/progress.h"

namespace rowferry {

// Holds the lanes of a run up while it would exceed its limits. Safe from every thread. Where an
// end cannot be asked any more the run goes on, and says so.
class Throttle {
 public:
  // Asks each end once. Throws Error{unsupported} where no end can tell what is limited, and what
  // keeps an end from being asked at all. A requested stop ends its waits.
  Throttle(const Limits& limits, std::vector<GaugedEnd> ends, Progress& progress,
           const std::stop_token& stop);
  Throttle(const Throttle&) = delete;
  Throttle& operator=(const Throttle&) = delete;
  ~Throttle();

  // Returns when `bytes` of rows, or with 0 what begins without any, may follow. Throws
  // Error{interrupted} when `stop` is requested meanwhile.
  void pass(std::int64_t bytes, const std::stop_token& stop);

 private:
  using Clock = std::chrono::steady_clock;

  void check_told(const Limits& limits);
  void check_told(const Error& none, const EndWatch::Told& (EndWatch::*told)() const);
  void keep_pace(std::int64_t bytes, const std::stop_token& stop);
  void wait_for_ends(const std::stop_token& stop);
  std::string excess();
  void tell_waiting(const std::string& why);
  void tell_going_on();

  Progress& progress_;
  std::stop_source stop_;
  std::optional<std::stop_callback<std::function<void()>>> forward_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::optional<Pace> pace_;
  Clock::time_point waits_since_;
  std::optional<Clock::time_point> said_at_;  // the last line about waiting
  bool waits_told_ = false;
  std::deque<EndWatch> watches_;  // last: their threads use the others
};

// What a lane calls; nothing where a run has no limits.
inline void pass(Throttle* throttle, std::int64_t bytes, const std::stop_token& stop) {
  if (throttle != nullptr) throttle->pass(bytes, stop);
}

}  // namespace rowferry
