#include "core/decimal.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/bytes.h"
#include "core/value.h"

namespace rowferry {

namespace {

constexpr std::uint16_t kPositive = 0x0000;
constexpr std::uint16_t kNegative = 0x4000;
constexpr std::uint16_t kNan = 0xC000;
constexpr std::uint16_t kInfinity = 0xD000;
constexpr std::uint16_t kMinusInfinity = 0xF000;

// numeric_send reads the scale of a short header in infinities too and so sends 32, which
// numeric_recv does not look at. The same here: equal values have equal bytes.
constexpr int kInfinityScale = 32;

constexpr int kHeader = 8;
constexpr int kMaxWeight = 32767;
constexpr int kMaxScale = 16383;
constexpr int kMaxExponent = 1 << 20;  // far beyond what the limits above let pass

void store_header(char* to, int ndigits, int weight, std::uint16_t sign, int dscale) {
  store(to, static_cast<std::uint16_t>(ndigits));
  store(to + 2, static_cast<std::int16_t>(weight));
  store(to + 4, sign);
  store(to + 6, static_cast<std::uint16_t>(dscale));
}

bool add_special(Batch& batch, std::uint16_t sign) {
  const int dscale = sign == kNan ? 0 : kInfinityScale;
  store_header(batch.add_cell(kHeader), 0, 0, sign, dscale);
  return true;
}

// Without regard to case; `name` is lower case.
bool same_word(std::string_view text, std::string_view name) {
  return std::equal(text.begin(), text.end(), name.begin(), name.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

// Division that rounds down, for decimal positions left and right of the point.
int group_of(int position) {
  return position >= 0 ? position / 4 : (position - 3) / 4;
}

// A number in text, taken apart but not copied: `digits` are ASCII digits with at most one point
// among them, from the first to the last that is not zero. Positions are powers of ten.
struct Parsed {
  bool negative = false;
  std::string_view digits;  // empty for zero
  int first = 0;            // position of the first digit of `digits`
  int last = 0;             // and of the last
  int dscale = 0;           // digits written after the point, exponent taken into account
};

// Reads "e+12" at the end of a number; nothing there is 0.
bool parse_exponent(std::string_view text, int& exponent) {
  exponent = 0;
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  if (text.size() > 1 && text.front() == '+' && digit(text[1])) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  return error == std::errc() && end == text.data() + text.size() && exponent > -kMaxExponent &&
         exponent < kMaxExponent;
}

// Splits a number without its sign. False when it is not one.
bool parse_number(std::string_view text, Parsed& number) {
  std::size_t end = 0;
  std::size_t point = std::string_view::npos;
  std::size_t first = std::string_view::npos;
  std::size_t last = 0;
  for (; end < text.size(); ++end) {
    if (text[end] == '.') {
      if (point != std::string_view::npos) return false;
      point = end;
    } else if (!digit(text[end])) {
      break;
    } else if (text[end] != '0') {
      if (first == std::string_view::npos) first = end;
      last = end;
    }
  }
  const bool pointed = point != std::string_view::npos;
  if (end == (pointed ? 1U : 0U)) return false;
  int exponent = 0;
  if (!parse_exponent(text.substr(end), exponent)) return false;
  if (end > std::size_t{kMaxExponent}) return false;
  if (!pointed) point = end;
  number.dscale = std::max(0, (pointed ? static_cast<int>(end - point) - 1 : 0) - exponent);
  if (first == std::string_view::npos) return true;
  const auto position = [&](std::size_t at) {
    const int left = static_cast<int>(point) - static_cast<int>(at);
    return (left > 0 ? left - 1 : left) + exponent;
  };
  number.digits = text.substr(first, last - first + 1);
  number.first = position(first);
  number.last = position(last);
  return true;
}

// Applies the limit; false when digits would be lost. Sets dscale to the column's.
bool fit(Parsed& number, const Type& limit) {
  if (limit.precision > 0) {
    number.dscale = std::max(0, limit.scale);
    if (number.digits.empty()) return true;
    return number.first < limit.precision - limit.scale && number.last >= -limit.scale;
  }
  return number.dscale <= kMaxScale &&
         (number.digits.empty() || group_of(number.first) <= kMaxWeight);
}

void add_number(Batch& batch, const Parsed& number) {
  if (number.digits.empty()) {
    store_header(batch.add_cell(kHeader), 0, 0, kPositive, number.dscale);
    return;
  }
  const int weight = group_of(number.first);
  const int lowest = group_of(number.last);
  const int ndigits = weight - lowest + 1;
  char* to = batch.add_cell(static_cast<std::size_t>(kHeader + 2 * ndigits));
  store_header(to, ndigits, weight, number.negative ? kNegative : kPositive, number.dscale);
  to += kHeader;
  int in_group = number.first - 4 * weight;  // 3 to 0, place of the next digit
  int group = 0;
  for (const char c : number.digits) {
    if (c == '.') continue;
    group = group * 10 + (c - '0');
    if (in_group-- > 0) continue;
    store(to, static_cast<std::int16_t>(group));
    to += 2;
    group = 0;
    in_group = 3;
  }
  if (in_group == 3) return;
  for (; in_group >= 0; --in_group) group *= 10;
  store(to, static_cast<std::int16_t>(group));
}

constexpr std::array<std::uint64_t, 20> kPowers = [] {
  std::array<std::uint64_t, 20> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

bool integer_fits(std::uint64_t size, const Type& limit) {
  if (limit.precision == 0 || size == 0) return true;
  const int whole = limit.precision - limit.scale;
  if (whole <= 0) return false;
  if (whole < 20 && size >= kPowers[static_cast<std::size_t>(whole)]) return false;
  if (limit.scale >= 0) return true;
  return limit.scale > -20 && size % kPowers[static_cast<std::size_t>(-limit.scale)] == 0;
}

// Adds a cell of `size`, whose lowest base-10000 digit has the weight `lowest`.
void add_groups(Batch& batch, std::uint64_t size, bool negative, int lowest, int dscale) {
  std::array<std::int16_t, 5> groups;  // lowest first, from the lowest that is not zero
  int count = 0;
  int weight = lowest - 1;
  for (; size != 0; size /= 10000, ++weight) {
    const auto group = static_cast<std::int16_t>(size % 10000);
    if (count != 0 || group != 0) groups[static_cast<std::size_t>(count++)] = group;
  }
  char* to = batch.add_cell(static_cast<std::size_t>(kHeader + 2 * count));
  store_header(to, count, count == 0 ? 0 : weight, negative ? kNegative : kPositive, dscale);
  for (to += kHeader; count > 0; to += 2) store(to, groups[static_cast<std::size_t>(--count)]);
}

// `value` times 10 to the limit's scale, where that is a whole number of the same decimal: up to 15
// digits name a double of their own, and a quotient of exact doubles is rounded to the nearest one,
// so that the division gives `value` back for no other number. None where this cannot tell.
std::optional<std::int64_t> scaled_by(double value, const Type& limit) {
  static constexpr int kExactDigits = 15;
  if (limit.precision <= 0 || limit.scale < 0 || limit.scale > kExactDigits) return std::nullopt;
  const auto power = static_cast<double>(kPowers[static_cast<std::size_t>(limit.scale)]);
  const double scaled = std::nearbyint(value * power);
  const int digits = std::min(limit.precision, kExactDigits);
  const auto most = static_cast<double>(kPowers[static_cast<std::size_t>(digits)]);
  const bool same = std::abs(scaled) < most && scaled / power == value;
  return same ? std::optional(static_cast<std::int64_t>(scaled)) : std::nullopt;
}

// A base-10000 digit, 0 beyond those that are stored.
int group_at(std::string_view cell, int ndigits, int index) {
  if (index < 0 || index >= ndigits) return 0;
  return load<std::int16_t>(cell.data() + kHeader + 2 * index);
}

void append_group(std::string& out, int group, int digits) {
  const std::array<char, 4> text = {
      static_cast<char>('0' + group / 1000), static_cast<char>('0' + group / 100 % 10),
      static_cast<char>('0' + group / 10 % 10), static_cast<char>('0' + group % 10)};
  out.append(text.data(), static_cast<std::size_t>(digits));
}

void append_whole(std::string& out, std::string_view cell, int ndigits, int weight) {
  if (weight < 0) {
    out += '0';
    return;
  }
  std::array<char, 8> text;
  const int first = group_at(cell, ndigits, 0);
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), first).ptr);
  for (int index = 1; index <= weight; ++index)
    append_group(out, group_at(cell, ndigits, index), 4);
}

}  // namespace

void append_decimal(std::string& out, std::string_view cell) {
  const int ndigits = load<std::uint16_t>(cell.data());
  const int weight = load<std::int16_t>(cell.data() + 2);
  const auto sign = load<std::uint16_t>(cell.data() + 4);
  const int dscale = load<std::uint16_t>(cell.data() + 6);
  switch (sign) {
    case kNan:
      out += "NaN";
      return;
    case kInfinity:
      out += "Infinity";
      return;
    case kMinusInfinity:
      out += "-Infinity";
      return;
    case kNegative:
      out += '-';
      break;
    default:
      break;
  }
  append_whole(out, cell, ndigits, weight);
  if (dscale == 0) return;
  out += '.';
  int index = weight + 1;
  for (int left = dscale; left > 0; left -= 4) {
    append_group(out, group_at(cell, ndigits, index++), std::min(left, 4));
  }
}

bool add_decimal(Batch& batch, std::string_view text, const Type& limit) {
  Parsed number;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    number.negative = text.front() == '-';
    text.remove_prefix(1);
    if (same_word(text, "nan")) return false;
  }
  if (parse_number(text, number)) {
    if (!fit(number, limit)) return false;
    add_number(batch, number);
    return true;
  }
  if (same_word(text, "nan")) return add_special(batch, kNan);
  const bool infinite = same_word(text, "infinity") || same_word(text, "inf");
  if (!infinite || limit.precision > 0) return false;
  return add_special(batch, number.negative ? kMinusInfinity : kInfinity);
}

bool add_decimal(Batch& batch, std::int64_t value, const Type& limit) {
  auto size = static_cast<std::uint64_t>(value);
  if (value < 0) size = 0 - size;
  if (!integer_fits(size, limit)) return false;
  const int dscale = limit.precision > 0 ? std::max(0, limit.scale) : 0;
  add_groups(batch, size, value < 0, 0, dscale);
  return true;
}

bool add_decimal(Batch& batch, double value, const Type& limit) {
  if (const auto scaled = scaled_by(value, limit)) {
    const int below = (limit.scale + 3) / 4;  // groups after the point
    const auto size = static_cast<std::uint64_t>(std::abs(*scaled));
    const auto padding = kPowers[static_cast<std::size_t>(4 * below - limit.scale)];
    add_groups(batch, size * padding, *scaled < 0, -below, limit.scale);
    return true;
  }
  std::array<char, 40> digits;
  // Without a format it might give all digits of the binary number.
  const char* end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                  std::chars_format::scientific)
                        .ptr;
  return add_decimal(
      batch, std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())), limit);
}

}  // namespace rowferry
