#include "core/convert.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "core/bytes.h"
#include "core/calendar.h"
#include "core/interval.h"
#include "core/utf8.h"
#include "core/value.h"

namespace rowferry {

namespace {

constexpr const char* kNumber = "not a number that the target's type holds exactly";
constexpr const char* kRange = "outside the range of the target's type";
constexpr const char* kBoolean = "neither true nor false";
constexpr const char* kMoment = "not a date or time in a form that the target's type reads";
constexpr const char* kFraction = "has more digits of a second than the target keeps";
constexpr const char* kClock = "has a time of day, which the target does not keep";
constexpr const char* kUuid = "not a UUID";
constexpr const char* kLength = "longer than the target allows";
constexpr const char* kPadded = "the target's column of fixed length would pad it, or trim its end";
constexpr const char* kUtf8 = "bytes that are not valid UTF-8";
constexpr std::int64_t kDay = 86'400'000'000;

bool is_whole(Kind kind) {
  return kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64;
}

bool is_float(Kind kind) {
  return kind == Kind::float32 || kind == Kind::float64;
}

bool is_timestamp(Kind kind) {
  return kind == Kind::timestamp || kind == Kind::timestamptz;
}

bool is_text(Kind kind) {
  return kind == Kind::text || kind == Kind::json;
}

// What each kind but bytes is read from: scratch that grows once.
std::string_view text_of(Kind kind, std::string_view cell) {
  static thread_local std::string text;
  if (is_text(kind)) return cell;
  text.clear();
  append_text(text, kind, cell);
  return text;
}

double real_of(Kind kind, std::string_view cell) {
  return kind == Kind::float32 ? load_float(cell.data()) : load_double(cell.data());
}

std::optional<std::int64_t> whole_of_bits(std::string_view cell) {
  const auto bits = load<std::int32_t>(cell.data());
  if (bits > 63) return std::nullopt;
  std::int64_t value = 0;
  for (std::int32_t bit = 0; bit < bits; ++bit) {
    const auto byte = static_cast<unsigned char>(cell[4 + static_cast<std::size_t>(bit / 8)]);
    value = value * 2 + (byte >> (7 - bit % 8) & 1);
  }
  return value;
}

// 2^63 is the first double that is no int64.
std::optional<std::int64_t> whole_of_real(double value) {
  constexpr double kEnd = 9223372036854775808.0;
  const bool whole = std::trunc(value) == value && value >= -kEnd && value < kEnd;
  if (!whole || (value == 0 && std::signbit(value))) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

// "7", "-7.00"
std::optional<std::int64_t> whole_of_text(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  auto [at, failed] = std::from_chars(text.data(), end, value);
  if (failed != std::errc() || text.starts_with("-0")) return std::nullopt;
  if (at != end && *at == '.') {
    do ++at;
    while (at != end && *at == '0');
  }
  return at == end ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> whole_of(Kind kind, std::string_view cell) {
  if (kind == Kind::boolean) return cell.front() == 0 ? 0 : 1;
  if (kind == Kind::bits) return whole_of_bits(cell);
  if (is_float(kind)) return whole_of_real(real_of(kind, cell));
  return whole_of_text(text_of(kind, cell));
}

template <typename Int>
const char* to_integer(const Conversion& self, std::string_view cell, Batch& out) {
  const auto value = whole_of(self.from, cell);
  const bool fits = value && *value >= std::numeric_limits<Int>::min() &&
                    *value <= std::numeric_limits<Int>::max();
  if (!fits) return kNumber;
  store(out.add_cell(sizeof(Int)), static_cast<Int>(*value));
  return nullptr;
}

const char* to_boolean(const Conversion& self, std::string_view cell, Batch& out) {
  const auto value = whole_of(self.from, cell);
  const std::string_view word = is_text(self.from) ? cell : "";
  const bool yes = value == 1 || word == "true" || word == "t";
  const bool no = value == 0 || word == "false" || word == "f";
  if (!yes && !no) return kBoolean;
  *out.add_cell(1) = yes ? 1 : 0;
  return nullptr;
}

const char* to_decimal(const Conversion& self, std::string_view cell, Batch& out) {
  if (self.from == Kind::boolean || self.from == Kind::bits) {
    const auto value = whole_of(self.from, cell);
    return value && add_decimal(out, *value, self.to) ? nullptr : kNumber;
  }
  const std::string_view text = text_of(self.from, cell);
  const bool zero = text.find_first_of("123456789") == std::string_view::npos;
  if (zero && text.starts_with("-0")) return kNumber;  // whose sign would go
  return add_decimal(out, text, self.to) ? nullptr : kNumber;
}

// A number's digits without zeros at their end, so that equal numbers have equal ones.
template <typename Number>
std::string digits_of(const Number& number) {
  static thread_local Batch cell;
  cell.clear();
  if (!add_decimal(cell, number, {.kind = Kind::decimal})) return "";
  std::string digits = to_text(Kind::decimal, cell.bytes().substr(4));
  if (digits.find('.') == std::string::npos) return digits;
  while (digits.back() == '0') digits.pop_back();
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

// Exact where the shortest digits of the float are those of the number.
const char* to_float(const Conversion& self, std::string_view cell, Batch& out) {
  float value = 0;
  if (self.from == Kind::float64) {
    const double wide = load_double(cell.data());
    value = static_cast<float>(wide);
    if (static_cast<double>(value) != wide && !std::isnan(wide)) return kNumber;
  } else {
    const std::string_view text = text_of(self.from, cell);
    const char* const end = text.data() + text.size();
    const auto [at, failed] = std::from_chars(text.data(), end, value);
    if (failed != std::errc() || at != end) return kNumber;
    std::array<char, 64> shortest;
    const auto printed = std::to_chars(shortest.data(), shortest.data() + shortest.size(), value);
    const auto length = static_cast<std::size_t>(printed.ptr - shortest.data());
    if (digits_of(text) != digits_of(std::string_view(shortest.data(), length))) return kNumber;
  }
  store(out.add_cell(4), std::bit_cast<std::uint32_t>(value));
  return nullptr;
}

// Likewise.
const char* to_double(const Conversion& self, std::string_view cell, Batch& out) {
  double value = 0;
  if (self.from == Kind::float32) {
    value = load_float(cell.data());
  } else if (const auto whole = is_whole(self.from) ? whole_of(self.from, cell) : std::nullopt) {
    constexpr std::int64_t kExact = std::int64_t{1} << 53;
    if (*whole > kExact || *whole < -kExact) return kNumber;
    value = static_cast<double>(*whole);
  } else {
    const std::string_view text = text_of(self.from, cell);
    const char* const end = text.data() + text.size();
    const auto [at, failed] = std::from_chars(text.data(), end, value);
    if (failed != std::errc() || at != end) return kNumber;
    if (digits_of(text) != digits_of(value)) return kNumber;
  }
  store_double(out.add_cell(8), value);
  return nullptr;
}

constexpr std::int64_t kEndless = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kBeginless = std::numeric_limits<std::int64_t>::min();

bool is_finite(std::int64_t micros) {
  return micros != kEndless && micros != kBeginless;
}

const char* to_timestamp(const Conversion& self, std::string_view cell, Batch& out) {
  std::optional<std::int64_t> micros;
  if (is_timestamp(self.from)) {
    micros = load<std::int64_t>(cell.data());
  } else if (self.from == Kind::date) {
    const auto days = load<std::int32_t>(cell.data());
    if (days != std::numeric_limits<std::int32_t>::max() &&
        days != std::numeric_limits<std::int32_t>::min()) {
      std::int64_t moment = 0;
      if (__builtin_mul_overflow(days, kDay, &moment)) return kRange;
      micros = moment;
    } else {
      micros = days > 0 ? kEndless : kBeginless;
    }
  } else {
    const std::string_view text = text_of(self.from, cell);
    micros = self.to.kind == Kind::timestamptz ? parse_timestamptz(text) : parse_timestamp(text);
  }
  if (!micros) return kMoment;
  if (cuts_fraction(self.to.precision, *micros)) return kFraction;
  store(out.add_cell(8), *micros);
  return nullptr;
}

const char* to_date(const Conversion& self, std::string_view cell, Batch& out) {
  std::optional<std::int32_t> days;
  if (is_timestamp(self.from)) {
    const auto micros = load<std::int64_t>(cell.data());
    if (!is_finite(micros)) {
      days = micros > 0 ? std::numeric_limits<std::int32_t>::max()
                        : std::numeric_limits<std::int32_t>::min();
    } else if (micros % kDay != 0) {
      return kClock;
    } else {
      days = static_cast<std::int32_t>(micros / kDay);
    }
  } else {
    days = parse_date(text_of(self.from, cell));
  }
  if (!days) return kMoment;
  store(out.add_cell(4), *days);
  return nullptr;
}

const char* to_time(const Conversion& self, std::string_view cell, Batch& out) {
  const auto micros = parse_time(text_of(self.from, cell));
  if (!micros) return kMoment;
  if (cuts_fraction(self.to.precision, *micros)) return kFraction;
  store(out.add_cell(8), *micros);
  return nullptr;
}

const char* to_interval(const Conversion& self, std::string_view cell, Batch& out) {
  std::array<char, 16> interval;
  if (!parse_interval(text_of(self.from, cell), interval.data())) return kMoment;
  if (cuts_fraction(self.to.precision, load<std::int64_t>(interval.data()))) return kFraction;
  out.add_cell({interval.data(), interval.size()});
  return nullptr;
}

const char* to_uuid(const Conversion& self, std::string_view cell, Batch& out) {
  std::array<char, 16> uuid;
  if (self.from == Kind::bytes) {
    if (cell.size() != uuid.size()) return kUuid;
    out.add_cell(cell);
    return nullptr;
  }
  if (!parse_uuid(text_of(self.from, cell), uuid.data())) return kUuid;
  out.add_cell({uuid.data(), uuid.size()});
  return nullptr;
}

const char* to_bits(const Conversion& self, std::string_view cell, Batch& out) {
  if (self.from != Kind::bits) return kNumber;
  const auto bits = load<std::int32_t>(cell.data());
  const bool fits =
      self.to.length == 0 || (self.to.fixed ? bits == self.to.length : bits <= self.to.length);
  if (!fits) return kLength;
  out.add_cell(cell);
  return nullptr;
}

std::string_view without_nul(std::string_view text) {
  if (text.find('\0') == std::string_view::npos) return text;
  static thread_local std::string kept;
  kept.clear();
  for (const char c : text) {
    if (c != '\0') kept += c;
  }
  return kept;
}

const char* to_texts(const Conversion& self, std::string_view cell, Batch& out) {
  if (self.from == Kind::bytes && fault_of(cell, true) != TextFault::none) return kUtf8;
  std::string_view text = self.from == Kind::bytes ? cell : text_of(self.from, cell);
  if (self.strip_nul) text = without_nul(text);
  const auto most = static_cast<std::size_t>(self.to.length);
  if (most > 0 && text.size() > most) {
    const std::size_t end = bytes_of(text, most);
    if (end < text.size() && !self.truncate) return kLength;
    text = text.substr(0, end);
  }
  if (self.to.fixed && text.ends_with(' ')) return kPadded;
  out.add_cell(text);
  return nullptr;
}

const char* to_bytes(const Conversion& self, std::string_view cell, Batch& out) {
  const auto most = static_cast<std::size_t>(self.to.length);
  if (most > 0 && cell.size() > most && !self.truncate) return kLength;
  if (self.to.fixed && cell.size() < most) return kPadded;
  out.add_cell(most > 0 ? cell.substr(0, most) : cell);
  return nullptr;
}

bool is_number(Kind kind) {
  return is_whole(kind) || is_float(kind) || kind == Kind::decimal;
}

Conversion::Step step_to_number(Kind from, Kind to) {
  const bool readable =
      is_number(from) || from == Kind::text || from == Kind::boolean || from == Kind::bits;
  if (!readable) return nullptr;
  switch (to) {
    case Kind::boolean:
      return to_boolean;
    case Kind::int16:
      return to_integer<std::int16_t>;
    case Kind::int32:
      return to_integer<std::int32_t>;
    case Kind::int64:
      return to_integer<std::int64_t>;
    case Kind::decimal:
      return to_decimal;
    case Kind::float32:
      return from == Kind::boolean || from == Kind::bits ? nullptr : to_float;
    case Kind::float64:
      return from == Kind::boolean || from == Kind::bits ? nullptr : to_double;
    default:
      return nullptr;
  }
}

Conversion::Step step_to_moment(Kind from, Kind to) {
  const bool text = from == Kind::text;
  const bool dated = is_timestamp(from) || from == Kind::date;
  switch (to) {
    case Kind::date:
      return text || dated ? to_date : nullptr;
    case Kind::timestamp:
    case Kind::timestamptz:
      return text || dated ? to_timestamp : nullptr;
    case Kind::time:
      return text || from == Kind::time || from == Kind::interval ? to_time : nullptr;
    case Kind::interval:
      return text || from == Kind::time || from == Kind::interval ? to_interval : nullptr;
    default:
      return nullptr;
  }
}

Conversion::Step step_between(Kind from, Kind to) {
  if (from == Kind::dynamic || to == Kind::dynamic) return nullptr;
  if (const auto step = step_to_number(from, to)) return step;
  if (const auto step = step_to_moment(from, to)) return step;
  switch (to) {
    case Kind::text:
    case Kind::json:
      return to == Kind::text || is_text(from) ? to_texts : nullptr;
    case Kind::bytes:
      return is_text(from) || from == Kind::bytes || from == Kind::uuid ? to_bytes : nullptr;
    case Kind::uuid:
      return from == Kind::text || from == Kind::bytes || from == Kind::uuid ? to_uuid : nullptr;
    case Kind::bits:
      return from == Kind::bits ? to_bits : nullptr;
    default:
      return nullptr;
  }
}

}  // namespace

Conversion conversion(Kind from, const Type& to, bool strip_nul, bool truncate) {
  return {.from = from,
          .to = to,
          .strip_nul = strip_nul,
          .truncate = truncate,
          .step = step_between(from, to.kind)};
}

}  // namespace rowferry
