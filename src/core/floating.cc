// The texts of floating point numbers declared in core/value.h.
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/value.h"

namespace rowferry {

namespace {

// "1.25e+16" as an integer; 0 when it is none.
__int128 integer_of(std::string_view text) {
  __int128 value = 0;
  int scale = 0;
  std::size_t at = 0;
  bool fraction = false;
  for (; text[at] != 'e'; ++at) {
    if (text[at] == '.') {
      fraction = true;
    } else {
      value = value * 10 + (text[at] - '0');
      if (fraction) --scale;
    }
  }
  int exponent = 0;
  std::from_chars(text.data() + at + (text[at + 1] == '+' ? 2 : 1), text.data() + text.size(),
                  exponent);
  scale += exponent;
  if (scale < 0) return 0;
  for (; scale > 0; --scale) value *= 10;
  return value;
}

// True when `text` lies exactly between `value` and one of its neighbours. That takes an integer
// with more bits than Float has, and few enough that 17 digits hold it.
template <typename Float>
bool halfway(std::string_view text, Float value) {
  static constexpr Float kLeast = Float(std::uint64_t{1} << std::numeric_limits<Float>::digits);
  static constexpr Float kMost = kLeast * Float(1 << 24);
  if (value < kLeast || value > kMost) return false;
  const __int128 read = integer_of(text);
  if (read == 0) return false;
  const auto exact = static_cast<__int128>(value);
  const Float next = std::nextafter(value, read > exact ? kMost * 2 : Float(0));
  return read != exact && 2 * read == exact + static_cast<__int128>(next);
}

// The shortest text with an exponent. std::to_chars takes a text halfway to the neighbour where
// reading rounds it back to `value`; PostgreSQL (common/d2s.c) does not, and so one digit more
// follows here.
template <typename Float>
void append_scientific(std::string& out, Float value) {
  std::array<char, 40> text;
  char* const begin = text.data();
  char* const limit = begin + text.size();
  char* end = std::to_chars(begin, limit, value, std::chars_format::scientific).ptr;
  const std::size_t sign = value < 0 ? 1 : 0;
  const auto shown = [&] { return std::string_view(begin + sign, end); };
  int precision = static_cast<int>(shown().find('e')) - (shown()[1] == '.' ? 2 : 1);
  while (halfway(shown(), std::fabs(value))) {
    end = std::to_chars(begin, limit, value, std::chars_format::scientific, ++precision).ptr;
  }
  out.append(begin, end);
}

// Fixed notation from 1e-4 to below `limit`, as PostgreSQL chooses it. Both ends are the doubles
// (or floats) nearest to a power of ten, so that no value's shortest text lies on the other side.
template <typename Float>
void append_floating(std::string& out, Float value, Float limit) {
  if (std::isnan(value)) {
    out += "NaN";
    return;
  }
  if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
    return;
  }
  const Float size = std::fabs(value);
  if (size != 0 && (size < Float(1e-4L) || size >= limit)) {
    append_scientific(out, value);
    return;
  }
  std::array<char, 40> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
  out.append(text.data(), end);
}

}  // namespace

void append_double(std::string& out, double value) {
  append_floating(out, value, 1e15);
}

void append_float(std::string& out, float value) {
  append_floating(out, value, 1e6F);
}

}  // namespace rowferry
