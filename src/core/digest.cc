#include "core/digest.h"

#include <xxhash.h>

namespace rowferry {

void Digest::add(std::string_view image) {
  const XXH128_hash_t hash = XXH3_128bits(image.data(), image.size());
  ++rows;
  high += hash.high64;
  low += hash.low64;
}

void Digest::add(const Digest& other) {
  rows += other.rows;
  high += other.high;
  low += other.low;
}

std::uint64_t spread(std::string_view image) {
  return XXH3_64bits(image.data(), image.size());
}

}  // namespace rowferry
