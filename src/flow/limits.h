#pragma once

#include <cstdint>
#include <optional>

namespace rowferry {

// What a run keeps to, so that others can work beside it.
struct Limits {
  std::optional<std::int64_t> rate;  // bytes of rows a second
  std::optional<int> lag;            // seconds that a replica of either end is behind
  std::optional<int> load;           // sessions of others at work at either end

  bool any() const { return rate || lag || load; }
};

}  // namespace rowferry
