#include "engine/mysql/decoder.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "core/utf8.h"
#include "core/value.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/types.h"
#include "engine/sql/rejected.h"

namespace rowferry::mysql {

namespace {

constexpr std::size_t kFirstRoom = 256;     // bytes for a value of any length
constexpr std::size_t kMostRoom = 1 << 16;  // kept for the next rows
constexpr const char* kRange = "the number does not fit the target's column";
constexpr const char* kZeroDate =
    "the target has no date with a zero or impossible year, month or day";
constexpr const char* kNumber = "the number does not fit the target's precision and scale";
constexpr const char* kHalf = "half of a surrogate pair, which is no sign of its own";
constexpr const char* kUuid = "the text is no UUID";
constexpr const char* kDay = "the target's time ends with the day";

const char* add_text(const Decoder& self, Batch& batch) {
  batch.add_cell(self.text());
  return nullptr;
}

// The servers give halves of surrogate pairs out as if they were UTF-8.
bool has_half(std::string_view text) {
  static constexpr char kFirst = '\xED';
  if (text.find(kFirst) == std::string_view::npos) return false;
  return fault_of(text, true) == TextFault::not_utf8;
}

const char* add_signs(const Decoder& self, Batch& batch) {
  if (has_half(self.text())) return kHalf;
  batch.add_cell(self.text());
  return nullptr;
}

template <typename Int>
const char* add_integer(const Decoder& self, Batch& batch) {
  const auto value = static_cast<Int>(self.integer());
  if (value != self.integer()) return kRange;
  store(batch.add_cell(sizeof value), value);
  return nullptr;
}

const char* add_boolean(const Decoder& self, Batch& batch) {
  if (self.integer() != 0 && self.integer() != 1) return kRange;
  *batch.add_cell(1) = static_cast<char>(self.integer());
  return nullptr;
}

const char* add_float(const Decoder& self, Batch& batch) {
  store(batch.add_cell(4), std::bit_cast<std::uint32_t>(self.real32()));
  return nullptr;
}

const char* add_double(const Decoder& self, Batch& batch) {
  store_double(batch.add_cell(8), self.real64());
  return nullptr;
}

const char* add_number(const Decoder& self, Batch& batch) {
  return add_decimal(batch, self.text(), self.limit()) ? nullptr : kNumber;
}

const char* add_uuid(const Decoder& self, Batch& batch) {
  std::array<char, 16> uuid;
  if (!parse_uuid(self.text(), uuid.data())) return kUuid;
  batch.add_cell({uuid.data(), uuid.size()});
  return nullptr;
}

// Days since 2000-01-01; none for a date that the calendar has not.
std::optional<std::int32_t> days_of(const MYSQL_TIME& time) {
  using std::chrono::sys_days;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(time.year)),
                                         std::chrono::month(time.month),
                                         std::chrono::day(time.day)};
  if (time.year == 0 || !date.ok()) return std::nullopt;
  constexpr sys_days kFirst{std::chrono::year(2000) / 1 / 1};
  return static_cast<std::int32_t>((sys_days(date) - kFirst).count());
}

const char* no_date(const Decoder& self, Batch& batch) {
  if (!self.zero_date_null()) return kZeroDate;
  batch.add_null();
  return nullptr;
}

const char* add_date(const Decoder& self, Batch& batch) {
  const auto days = days_of(self.time());
  if (!days) return no_date(self, batch);
  store(batch.add_cell(4), *days);
  return nullptr;
}

constexpr std::int64_t kMicros = 1'000'000;

std::int64_t micros_of(const MYSQL_TIME& time) {
  const std::int64_t hours = static_cast<std::int64_t>(time.day) * 24 + time.hour;
  const std::int64_t seconds = (hours * 60 + time.minute) * 60 + time.second;
  const std::int64_t micros = seconds * kMicros + static_cast<std::int64_t>(time.second_part);
  return time.neg != 0 ? -micros : micros;
}

const char* add_moment(const Decoder& self, Batch& batch) {
  const auto days = days_of(self.time());
  if (!days) return no_date(self, batch);
  MYSQL_TIME clock = self.time();
  clock.day = 0;
  store(batch.add_cell(8), std::int64_t{*days} * 24 * 3600 * kMicros + micros_of(clock));
  return nullptr;
}

const char* add_interval(const Decoder& self, Batch& batch) {
  char* to = batch.add_cell(16);
  store(to, micros_of(self.time()));
  store(to + 8, std::int32_t{0});
  store(to + 12, std::int32_t{0});
  return nullptr;
}

const char* add_time(const Decoder& self, Batch& batch) {
  const std::int64_t micros = micros_of(self.time());
  if (micros < 0 || micros >= 24 * 3600 * kMicros) return kDay;
  store(batch.add_cell(8), micros);
  return nullptr;
}

// BIT(n) arrives in whole bytes, filled up at the front; a cell of bits is filled up at its end.
const char* add_bits(const Decoder& self, Batch& batch) {
  const std::string_view bytes = self.text();
  const auto bits = static_cast<unsigned>(self.type().length);
  const std::size_t size = (bits + 7) / 8;
  const unsigned shift = static_cast<unsigned>(size * 8) - bits;
  char* to = batch.add_cell(4 + size);
  store(to, static_cast<std::int32_t>(bits));
  const auto byte = [&](std::size_t at) -> unsigned {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
  };
  for (std::size_t i = 0; i < size; ++i) {
    to[4 + i] = static_cast<char>((byte(i) << shift | byte(i + 1) >> (8 - shift)) & 0xFFU);
  }
  return nullptr;
}

// The text that these servers read back as the same double.
const char* add_double_text(const Decoder& self, Batch& batch) {
  static thread_local std::string text;
  text.clear();
  append_double(text, self.real64());
  batch.add_cell(text);
  return nullptr;
}

// "2024-00-00", "-838:59:59.000000": impossible ones, too.
std::string text_of(const MYSQL_TIME& time, enum_field_types type, int fraction) {
  std::array<char, 64> text;
  int length = 0;
  const auto print = [&](const char* format, auto... parts) {
    length += std::snprintf(text.data() + length, text.size() - static_cast<std::size_t>(length),
                            format, parts...);
  };
  if (type == MYSQL_TYPE_TIME) {
    print("%s%02u", time.neg != 0 ? "-" : "", time.day * 24 + time.hour);
  } else {
    print("%04u-%02u-%02u", time.year, time.month, time.day);
    if (type == MYSQL_TYPE_DATE) return {text.data(), static_cast<std::size_t>(length)};
    print(" %02u", time.hour);
  }
  print(":%02u:%02u", time.minute, time.second);
  if (fraction == 0) return {text.data(), static_cast<std::size_t>(length)};
  print(".%06lu", time.second_part);
  length -= 6 - fraction;
  return {text.data(), static_cast<std::size_t>(length)};
}

bool is_real(const std::string& native) {
  const std::string base = parse_native(native).base;
  return base == "float" || base == "double";
}

}  // namespace

std::string_view code_of(std::string_view reason) {
  if (reason == kZeroDate) return "value.zero_date";
  if (reason == kNumber) return "value.number";
  if (reason == kUuid) return "value.format";
  if (reason == kHalf) return "value.utf8";
  return "value.range";
}

Decoder::Decoder(const ColumnRead& column, RowFormat format, bool odd)
    : name_(column.name),
      native_(column.native),
      type_(column.type),
      limit_(column.target),
      zero_date_null_(column.amendment.zero_date_null),
      format_(format),
      raw_(odd && format == RowFormat::native) {
  if (format == RowFormat::native) {
    choose_native();
  } else {
    choose(column.wire);
  }
  if (as_ == MYSQL_TYPE_STRING || as_ == MYSQL_TYPE_BLOB) buffer_.resize(kFirstRoom);
}

const char* Decoder::add_null(Batch& batch) {
  batch.add_null();
  return nullptr;
}

// Between these servers a cell is the text that LOAD DATA takes.
void Decoder::choose_native() {
  const bool real = is_real(native_);
  add_ = real ? add_double_text : add_text;
  as_ = real ? MYSQL_TYPE_DOUBLE : MYSQL_TYPE_STRING;
  if (raw_ || is_binary(native_) || type_.kind == Kind::bits) as_ = MYSQL_TYPE_BLOB;
}

void Decoder::choose(Kind wire) {
  const auto take = [this](enum_field_types as, Add how) {
    as_ = as;
    add_ = how;
  };
  switch (wire) {
    case Kind::boolean:
      return take(MYSQL_TYPE_LONGLONG, add_boolean);
    case Kind::int16:
      return take(MYSQL_TYPE_LONGLONG, add_integer<std::int16_t>);
    case Kind::int32:
      return take(MYSQL_TYPE_LONGLONG, add_integer<std::int32_t>);
    case Kind::int64:
      return take(MYSQL_TYPE_LONGLONG, add_integer<std::int64_t>);
    case Kind::float32:
      return take(MYSQL_TYPE_FLOAT, add_float);
    case Kind::float64:
      return take(MYSQL_TYPE_DOUBLE, add_double);
    case Kind::decimal:
      return take(MYSQL_TYPE_STRING, add_number);
    case Kind::bytes:
      return take(MYSQL_TYPE_BLOB, add_text);
    case Kind::uuid:
      return take(MYSQL_TYPE_STRING, add_uuid);
    case Kind::date:
      return take(MYSQL_TYPE_DATE, add_date);
    case Kind::timestamp:
    case Kind::timestamptz:
      return take(MYSQL_TYPE_DATETIME, add_moment);
    case Kind::time:
      return take(MYSQL_TYPE_TIME, add_time);
    case Kind::interval:
      return take(MYSQL_TYPE_TIME, add_interval);
    case Kind::bits:
      return take(MYSQL_TYPE_BLOB, add_bits);
    case Kind::text:
      return take(MYSQL_TYPE_STRING, add_signs);
    case Kind::json:
    case Kind::dynamic:
      return take(MYSQL_TYPE_STRING, add_text);
  }
}

std::string Decoder::selected() const {
  const std::string name = quote(name_);
  if (raw_) return "CAST(" + name + " AS BINARY)";
  // An enum with a label '' reads that for a value that is none of its labels, too.
  const bool doubtful = format_ == RowFormat::native && has_empty_label(native_);
  return doubtful ? "IF(" + name + " + 0 = 0, CHAR(0 USING utf8mb4), " + name + ")" : name;
}

MYSQL_BIND Decoder::bind() {
  MYSQL_BIND bind{};
  bind.buffer_type = as_;
  bind.length = &length_;
  bind.is_null = &null_;
  bind.error = &error_;
  switch (as_) {
    case MYSQL_TYPE_LONGLONG:
      bind.buffer = &integer_;
      break;
    case MYSQL_TYPE_FLOAT:
      bind.buffer = &real32_;
      break;
    case MYSQL_TYPE_DOUBLE:
      bind.buffer = &real64_;
      break;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIME:
      bind.buffer = &time_;
      break;
    default:
      bind.buffer = buffer_.data();
      bind.buffer_length = buffer_.size();
      break;
  }
  return bind;
}

// The lowest bits of whole bytes, as many as the column has.
std::string Decoder::bits_of(std::string_view bytes) const {
  std::string digits;
  for (const char c : bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      digits += (static_cast<unsigned char>(c) >> bit & 1) != 0 ? '1' : '0';
    }
  }
  const auto wanted = static_cast<std::size_t>(type_.length);
  return digits.size() > wanted ? digits.substr(digits.size() - wanted) : digits;
}

RejectedCell Decoder::shown() const {
  if (null_ != 0) return sql::null_cell(name_);
  std::string text;
  switch (as_) {
    case MYSQL_TYPE_LONGLONG:
      return sql::text_cell(name_, std::to_string(integer_));
    case MYSQL_TYPE_FLOAT:
      append_float(text, real32_);
      return sql::text_cell(name_, std::move(text));
    case MYSQL_TYPE_DOUBLE:
      append_double(text, real64_);
      return sql::text_cell(name_, std::move(text));
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIME:
      return sql::text_cell(name_, text_of(time_, as_, std::max(0, type_.precision - 1)));
    case MYSQL_TYPE_BLOB:
      if (type_.kind == Kind::bits) return sql::text_cell(name_, bits_of(this->text()));
      return sql::bytes_cell(name_, this->text());
    default:
      return sql::text_cell(name_, std::string(this->text()));
  }
}

bool Decoder::fetch_rest(MYSQL_STMT* statement, unsigned index) {
  if (buffer_.empty() || null_ != 0 || length_ <= buffer_.size()) return false;
  buffer_.resize(std::max<std::size_t>(length_, std::min(kMostRoom, buffer_.size() * 2)));
  MYSQL_BIND whole = bind();
  mysql_stmt_fetch_column(statement, &whole, index, 0);
  return true;
}

}  // namespace rowferry::mysql
