#pragma once

#include <cstddef>
#include <string_view>

// What text is made of. Pure functions.
namespace rowferry {

enum class TextFault { none, nul, not_utf8 };

// The first fault of `text`: a NUL, which not every server's text type holds, or bytes that are no
// valid UTF-8 (Unicode 15, table 3-7). With `nul_allowed` only the latter.
TextFault fault_of(std::string_view text, bool nul_allowed = false);

// Characters of valid UTF-8.
std::size_t count_characters(std::string_view text);

// Bytes of the first `characters` of valid UTF-8.
std::size_t bytes_of(std::string_view text, std::size_t characters);

}  // namespace rowferry
