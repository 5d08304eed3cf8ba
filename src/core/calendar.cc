#include "core/calendar.h"

#include <array>
#include <charconv>
#include <limits>

#include "core/bytes.h"
#include "core/value.h"

namespace rowferry {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

// PostgreSQL's limits (datatype/timestamp.h): from 4714-11-24 BC to before 5874898-01-01 and
// 294277-01-01.
constexpr std::int64_t kFirstDay = -2451545;
constexpr std::int64_t kEndDay = 2147483494 - 2451545;
constexpr std::int64_t kFirstMicro = -211813488000000000;
constexpr std::int64_t kEndMicro = 9223371331200000000;

template <typename Int>
constexpr Int kEndless = std::numeric_limits<Int>::max();
template <typename Int>
constexpr Int kBeginless = std::numeric_limits<Int>::min();

struct Civil {
  std::int64_t year;  // 0 is 1 BC
  int month;
  int day;
};

// Days to civil and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"; his count
// begins at 1970-01-01, ours 10957 days later.
constexpr std::int64_t kEpochShift = 719468 + 10957;

constexpr Civil civil_of(std::int64_t days) {
  days += kEpochShift;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto of_era = static_cast<int>(days - era * 146097);
  const int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int of_year = of_era - (365 * year + year / 4 - year / 100);
  const int shifted = (5 * of_year + 2) / 153;
  const int month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year + era * 400 + (month <= 2 ? 1 : 0), month, of_year - (153 * shifted + 2) / 5 + 1};
}

constexpr std::int64_t days_of(const Civil& civil) {
  const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era_year = year - era * 400;
  const int shifted = civil.month > 2 ? civil.month - 3 : civil.month + 9;
  const std::int64_t of_year = (153 * shifted + 2) / 5 + civil.day - 1;
  return era * 146097 + of_era_year * 365 + of_era_year / 4 - of_era_year / 100 + of_year -
         kEpochShift;
}

char* put2(char* to, int value) {
  to[0] = static_cast<char>('0' + value / 10);
  to[1] = static_cast<char>('0' + value % 10);
  return to + 2;
}

char* put_civil(char* to, const Civil& civil) {
  const std::int64_t year = civil.year > 0 ? civil.year : 1 - civil.year;
  if (year < 10000) {
    to = put2(put2(to, static_cast<int>(year / 100)), static_cast<int>(year % 100));
  } else {
    to = std::to_chars(to, to + 20, year).ptr;
  }
  *to++ = '-';
  to = put2(to, civil.month);
  *to++ = '-';
  return put2(to, civil.day);
}

char* put_seconds(char* to, int seconds, int micros) {
  to = put2(to, seconds);
  if (micros == 0) return to;
  *to++ = '.';
  for (int unit = 100000; micros != 0; unit /= 10) {
    *to++ = static_cast<char>('0' + micros / unit);
    micros %= unit;
  }
  return to;
}

// Hours take as many digits as they need, two at least.
char* put_time(char* to, std::uint64_t micros) {
  const std::uint64_t hours = micros / kHour;
  to = hours < 100 ? put2(to, static_cast<int>(hours)) : std::to_chars(to, to + 20, hours).ptr;
  *to++ = ':';
  to = put2(to, static_cast<int>(micros / kMinute % 60));
  *to++ = ':';
  return put_seconds(to, static_cast<int>(micros / kSecond % 60),
                     static_cast<int>(micros % kSecond));
}

template <typename Int>
bool append_endless(std::string& out, Int value) {
  if (value != kEndless<Int> && value != kBeginless<Int>) return false;
  out += value > 0 ? "infinity" : "-infinity";
  return true;
}

// One field of an interval, by the rules of PostgreSQL's AddPostgresIntPart: a sign is also written
// where the field before was negative.
void append_field(std::string& out, std::size_t start, int value, const char* unit,
                  bool& negative) {
  if (value == 0) return;
  if (out.size() > start) out += ' ';
  if (negative && value > 0) out += '+';
  std::array<char, 12> text;
  out.append(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
  out += ' ';
  out += unit;
  if (value != 1) out += 's';
  negative = value < 0;
}

void append_interval_time(std::string& out, std::size_t start, std::int64_t micros, bool negative) {
  if (out.size() > start) {
    if (micros == 0) return;
    out += ' ';
  }
  std::array<char, 40> text;
  if (micros < 0) {
    out += '-';
  } else if (negative) {
    out += '+';
  }
  auto size = static_cast<std::uint64_t>(micros);
  if (micros < 0) size = 0 - size;
  out.append(text.data(), put_time(text.data(), size));
}

// Reads text from the left. Every method leaves the cursor where it failed.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool done() const { return text_.empty(); }
  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  // A number of `least` to `most` digits, none of them left over; at most 9.
  bool number(std::size_t least, std::size_t most, int& value) {
    std::size_t digits = 0;
    value = 0;
    while (digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9') {
      if (digits == most) return false;
      value = value * 10 + (text_[digits++] - '0');
    }
    text_.remove_prefix(digits);
    return digits >= least;
  }
  // Digits of a fraction as microseconds; those after the sixth must be zeros.
  bool fraction(int& micros) {
    std::size_t digits = 0;
    micros = 0;
    for (; digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9'; ++digits) {
      const int digit = text_[digits] - '0';
      if (digits < 6) {
        micros = micros * 10 + digit;
      } else if (digit != 0) {
        return false;
      }
    }
    text_.remove_prefix(digits);
    for (std::size_t i = digits; i < 6; ++i) micros *= 10;
    return digits > 0;
  }

 private:
  std::string_view text_;
};

int month_days(std::int64_t year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// "2024-02-29"; the year is still to be turned when "BC" follows.
bool scan_civil(Scanner& scanner, Civil& civil) {
  int year = 0;
  if (!scanner.number(4, 7, year) || !scanner.take('-') || !scanner.number(2, 2, civil.month) ||
      !scanner.take('-') || !scanner.number(2, 2, civil.day)) {
    return false;
  }
  civil.year = year;
  return year > 0;
}

// The end of a date's text, "" or " BC"; then whether there is such a day.
bool finish_civil(Scanner& scanner, Civil& civil) {
  if (scanner.take(" BC")) civil.year = 1 - civil.year;
  return scanner.done() && civil.month >= 1 && civil.month <= 12 && civil.day >= 1 &&
         civil.day <= month_days(civil.year, civil.month);
}

// "13:45", "13:45:07.25". 24:00 is refused unless it ends there and `midnight` says so.
bool scan_time(Scanner& scanner, std::int64_t& micros, bool midnight) {
  int hours = 0;
  int minutes = 0;
  int seconds = 0;
  int fraction = 0;
  if (!scanner.number(2, 2, hours) || !scanner.take(':') || !scanner.number(2, 2, minutes)) {
    return false;
  }
  if (scanner.take(':')) {
    if (!scanner.number(2, 2, seconds)) return false;
    if (scanner.take('.') && !scanner.fraction(fraction)) return false;
  }
  if (minutes > 59 || seconds > 59) return false;
  micros = hours * kHour + minutes * kMinute + seconds * kSecond + fraction;
  return hours < 24 || (midnight && micros == kDay);
}

// "Z", "+02", "-03:30" as microseconds east of UTC; nothing there is UTC.
bool scan_zone(Scanner& scanner, std::int64_t& east) {
  east = 0;
  if (scanner.take('Z')) return true;
  const bool west = scanner.take('-');
  if (!west && !scanner.take('+')) return true;
  int hours = 0;
  int minutes = 0;
  if (!scanner.number(2, 2, hours)) return false;
  if (scanner.take(':') && !scanner.number(2, 2, minutes)) return false;
  if (hours > 15 || minutes > 59) return false;
  east = hours * kHour + minutes * kMinute;
  if (west) east = -east;
  return true;
}

template <typename Int>
std::optional<Int> parse_endless(std::string_view text) {
  if (text == "infinity") return kEndless<Int>;
  if (text == "-infinity") return kBeginless<Int>;
  return std::nullopt;
}

std::optional<std::int64_t> parse_moment(std::string_view text, bool zoned) {
  if (const auto endless = parse_endless<std::int64_t>(text)) return endless;
  Scanner scanner(text);
  Civil civil{};
  std::int64_t time = 0;
  std::int64_t east = 0;
  if (!scan_civil(scanner, civil) || (!scanner.take(' ') && !scanner.take('T')) ||
      !scan_time(scanner, time, false) || (zoned && !scan_zone(scanner, east)) ||
      !finish_civil(scanner, civil)) {
    return std::nullopt;
  }
  const std::int64_t days = days_of(civil);
  if (days < kFirstDay - 1 || days > kEndMicro / kDay) return std::nullopt;
  const __int128 micros = static_cast<__int128>(days) * kDay + time - east;
  if (micros < kFirstMicro || micros >= kEndMicro) return std::nullopt;
  return static_cast<std::int64_t>(micros);
}

}  // namespace

void append_date(std::string& out, std::int32_t days) {
  if (append_endless(out, days)) return;
  const Civil civil = civil_of(days);
  std::array<char, 32> text;
  out.append(text.data(), put_civil(text.data(), civil));
  if (civil.year <= 0) out += " BC";
}

void append_time(std::string& out, std::int64_t micros) {
  std::array<char, 32> text;
  out.append(text.data(), put_time(text.data(), static_cast<std::uint64_t>(micros)));
}

void append_timestamp(std::string& out, std::int64_t micros, std::string_view zone) {
  if (append_endless(out, micros)) return;
  std::int64_t days = micros / kDay;
  std::int64_t time = micros % kDay;
  if (time < 0) {
    time += kDay;
    --days;
  }
  const Civil civil = civil_of(days);
  std::array<char, 64> text;
  char* to = put_civil(text.data(), civil);
  *to++ = ' ';
  out.append(text.data(), put_time(to, static_cast<std::uint64_t>(time)));
  out += zone;
  if (civil.year <= 0) out += " BC";
}

void append_interval(std::string& out, std::string_view cell) {
  const auto micros = load<std::int64_t>(cell.data());
  const auto days = load<std::int32_t>(cell.data() + 8);
  const auto months = load<std::int32_t>(cell.data() + 12);
  const bool endless = (days == kEndless<std::int32_t> && months == kEndless<std::int32_t>) ||
                       (days == kBeginless<std::int32_t> && months == kBeginless<std::int32_t>);
  if (endless && append_endless(out, micros)) return;
  const std::size_t start = out.size();
  bool negative = false;
  append_field(out, start, months / 12, "year", negative);
  append_field(out, start, months % 12, "mon", negative);
  append_field(out, start, days, "day", negative);
  append_interval_time(out, start, micros, negative);
}

std::optional<std::int32_t> parse_date(std::string_view text) {
  if (const auto endless = parse_endless<std::int32_t>(text)) return endless;
  Scanner scanner(text);
  Civil civil{};
  if (!scan_civil(scanner, civil) || !finish_civil(scanner, civil)) return std::nullopt;
  const std::int64_t days = days_of(civil);
  if (days < kFirstDay || days >= kEndDay) return std::nullopt;
  return static_cast<std::int32_t>(days);
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  Scanner scanner(text);
  std::int64_t micros = 0;
  if (!scan_time(scanner, micros, true) || !scanner.done()) return std::nullopt;
  return micros;
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  return parse_moment(text, false);
}

std::optional<std::int64_t> parse_timestamptz(std::string_view text) {
  return parse_moment(text, true);
}

bool cuts_fraction(int precision, std::int64_t micros) {
  constexpr int kAll = 7;
  const bool endless = micros == kEndless<std::int64_t> || micros == kBeginless<std::int64_t>;
  if (precision == 0 || precision >= kAll || endless) return false;
  std::int64_t unit = 1'000'000;
  for (int digit = 1; digit < precision; ++digit) unit /= 10;
  return micros % unit != 0;
}

}  // namespace rowferry
