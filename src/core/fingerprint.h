#pragma once

#include <string>
#include <string_view>

namespace rowferry {

// A short stable name for a text: 16 hexadecimal digits of its XXH3 hash. The same on every machine
// and version; for names and for noticing change, not for proof.
std::string fingerprint(std::string_view text);

}  // namespace rowferry
