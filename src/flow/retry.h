#pragma once

#include <chrono>
#include <functional>
#include <stop_token>
#include <string_view>

#include "core/error.h"

namespace rowferry {

struct RetryPolicy {
  int times = 3;                         // after the first attempt
  std::chrono::milliseconds pause{500};  // before the first retry; doubled for each further one
};

// Runs `attempt` until it does not throw a transient or ambiguous Error, policy.times times more
// than once at most, then lets the last one through. A lost snapshot is let through at once:
// another attempt under it cannot work. `attempt` is given its number, from 0. The only place that
// retries.
void with_retries(const RetryPolicy& policy, const std::stop_token& stop,
                  const std::function<void(std::string_view)>& note,
                  const std::function<void(int)>& attempt);

// Sleeps, less long when `stop` is requested.
void pause_for(std::chrono::milliseconds time, const std::stop_token& stop);

// The error of a run that was asked to stop.
Error interrupted();

}  // namespace rowferry
