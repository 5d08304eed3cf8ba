#include "core/fingerprint.h"

#include <xxhash.h>

#include <cstdio>

namespace rowferry {

std::string fingerprint(std::string_view text) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(text.data(), text.size())));
  return digits;
}

}  // namespace rowferry
