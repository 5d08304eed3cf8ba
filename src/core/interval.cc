#include "core/interval.h"

#include <charconv>
#include <cstdint>
#include <limits>

#include "core/bytes.h"

namespace rowferry {

namespace {

struct Interval {
  std::int64_t micros = 0;
  std::int64_t days = 0;
  std::int64_t months = 0;
};

// Takes a number off the front of `text`.
bool take_number(std::string_view& text, std::int64_t& value) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc()) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// ".5" as 500000; nothing there is 0.
bool take_fraction(std::string_view& text, std::int64_t& micros) {
  micros = 0;
  if (!take(text, '.')) return true;
  std::size_t digits = 0;
  for (; digits < text.size() && digits < 6; ++digits) {
    if (text[digits] < '0' || text[digits] > '9') return false;
    micros = micros * 10 + (text[digits] - '0');
  }
  text.remove_prefix(digits);
  if (digits == 0) return false;
  for (; digits < 6; ++digits) micros *= 10;
  return true;
}

// What follows the hours of "04:05:06.5".
bool take_time(std::string_view text, bool negative, std::int64_t hours, Interval& interval) {
  std::int64_t minutes = 0;
  std::int64_t seconds = 0;
  std::int64_t micros = 0;
  if (!take(text, ':') || !take_number(text, minutes) || minutes < 0 || minutes > 59) return false;
  if (!take(text, ':') || !take_number(text, seconds) || seconds < 0 || seconds > 59) return false;
  if (!take_fraction(text, micros) || !text.empty()) return false;
  const std::int64_t sign = negative ? -1 : 1;
  const std::int64_t below = sign * ((minutes * 60 + seconds) * 1'000'000 + micros);
  std::int64_t whole = 0;
  const bool fits = !__builtin_mul_overflow(sign * hours, 3'600'000'000, &whole) &&
                    !__builtin_add_overflow(whole, below, &interval.micros);
  return fits;
}

bool add_field(std::string_view unit, std::int64_t value, Interval& interval) {
  if (unit.ends_with('s')) unit.remove_suffix(1);
  if (value < INT32_MIN || value > INT32_MAX) return false;
  if (unit == "year") {
    interval.months += value * 12;
  } else if (unit == "mon") {
    interval.months += value;
  } else if (unit == "day") {
    interval.days += value;
  } else {
    return false;
  }
  return true;
}

bool parse(std::string_view text, Interval& interval) {
  while (!text.empty()) {
    const bool negative = take(text, '-');
    if (!negative) take(text, '+');
    std::int64_t value = 0;
    if (text.starts_with('-') || !take_number(text, value)) return false;
    if (text.starts_with(':')) return take_time(text, negative, value, interval);
    if (!take(text, ' ')) return false;
    const std::string_view unit = text.substr(0, text.find(' '));
    if (!add_field(unit, negative ? -value : value, interval)) return false;
    text.remove_prefix(unit.size());
    take(text, ' ');
  }
  return true;
}

template <typename T>
bool fits(std::int64_t value) {
  return value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max();
}

}  // namespace

bool parse_interval(std::string_view text, char* out) {
  Interval interval;
  if (text == "infinity") {
    interval = {INT64_MAX, INT32_MAX, INT32_MAX};
  } else if (text == "-infinity") {
    interval = {INT64_MIN, INT32_MIN, INT32_MIN};
  } else if (text.empty() || !parse(text, interval)) {
    return false;
  }
  if (!fits<std::int32_t>(interval.days) || !fits<std::int32_t>(interval.months)) return false;
  store(out, interval.micros);
  store(out + 8, static_cast<std::int32_t>(interval.days));
  store(out + 12, static_cast<std::int32_t>(interval.months));
  return true;
}

}  // namespace rowferry
