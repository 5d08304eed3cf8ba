#pragma once

#include <chrono>
#include <cstdint>

namespace rowferry {

// When bytes may go, so that since its making no more have gone than the rate allows; what was not
// used of the last second may be made up for. A value.
class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  Pace(std::int64_t bytes_per_second, Clock::time_point now)
      : bytes_per_second_(static_cast<double>(bytes_per_second)), paid_(now) {}

  // Counts `bytes`, and says when they may go.
  Clock::time_point due(std::int64_t bytes, Clock::time_point now);

 private:
  double bytes_per_second_;
  Clock::time_point paid_;  // by when the rate allows all that has been counted
};

}  // namespace rowferry
