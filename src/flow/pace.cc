#include "flow/pace.h"

#include <algorithm>

namespace rowferry {

Pace::Clock::time_point Pace::due(std::int64_t bytes, Clock::time_point now) {
  constexpr std::chrono::seconds kMadeUp{1};
  const std::chrono::duration<double> takes(static_cast<double>(bytes) / bytes_per_second_);
  paid_ = std::max(paid_, now - kMadeUp) + std::chrono::ceil<Clock::duration>(takes);
  return paid_;
}

}  // namespace rowferry
