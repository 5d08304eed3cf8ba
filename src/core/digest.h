#pragma once

#include <cstdint>
#include <string_view>

namespace rowferry {

// What rows come to: how many they are, and the sum of their images' 128-bit hashes (XXH3), taken
// as two unsigned numbers of 64 bits that wrap around each for itself: docs/formats/digest.md. The
// order of rows plays no part, and rows that stand twice count twice. A value.
struct Digest {
  std::int64_t rows = 0;
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  // One more row. Its image is that of a row of a Batch in format `cells`, or any other text that
  // is the same for equal rows only.
  void add(std::string_view image);
  void add(const Digest& other);

  friend bool operator==(const Digest&, const Digest&) = default;
};

// A number for `image` that is spread evenly: to tell rows into buckets by.
std::uint64_t spread(std::string_view image);

}  // namespace rowferry
