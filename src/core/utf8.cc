#include "core/utf8.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace rowferry {

namespace {

constexpr std::uint64_t kHighs = 0x8080808080808080U;
constexpr std::uint64_t kOnes = 0x0101010101010101U;

// True when the eight bytes at `at` are ASCII and none is NUL.
bool plain(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return ((word | (word - kOnes)) & kHighs) == 0;
}

bool follows(unsigned char byte) {
  return (byte & 0xc0) == 0x80;
}

// The length of the character that begins with a byte over 0x7f; 0 when it is not valid
// (Unicode 15, table 3-7).
std::size_t sequence(const unsigned char* at, std::size_t left) {
  const unsigned char lead = at[0];
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (left < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!follows(at[i])) return 0;
  }
  const bool too_low = (lead == 0xe0 && at[1] < 0xa0) || (lead == 0xf0 && at[1] < 0x90);
  const bool too_high = (lead == 0xed && at[1] > 0x9f) || (lead == 0xf4 && at[1] > 0x8f);
  return too_low || too_high ? 0 : length;
}

}  // namespace

TextFault fault_of(std::string_view text, bool nul_allowed) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8 && plain(text.data() + at)) {
      at += 8;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == 0 && !nul_allowed) return TextFault::nul;
    if (byte < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length =
        sequence(reinterpret_cast<const unsigned char*>(text.data()) + at, text.size() - at);
    if (length == 0) return TextFault::not_utf8;
    at += length;
  }
  return TextFault::none;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return !follows(static_cast<unsigned char>(c)); }));
}

std::size_t bytes_of(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (!follows(static_cast<unsigned char>(text[at])) && characters-- == 0) break;
  }
  return at;
}

}  // namespace rowferry
