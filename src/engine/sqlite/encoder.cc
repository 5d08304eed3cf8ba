#include "engine/sqlite/encoder.h"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include "core/calendar.h"
#include "core/interval.h"
#include "core/utf8.h"
#include "core/value.h"
#include "engine/sqlite/error.h"

namespace rowferry::sqlite {

namespace {

std::int64_t integer(const Stored& value) {
  return sqlite3_value_int64(value.cell);
}

double real(const Stored& value) {
  return sqlite3_value_double(value.cell);
}

// In UTF-8, whatever the encoding of the database.
std::string_view text(const Stored& value) {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(value.cell));
  check(bytes == nullptr ? SQLITE_NOMEM : SQLITE_OK, nullptr, "read a text");
  return {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value.cell))};
}

std::string_view blob(const Stored& value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value.cell));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_value_bytes(value.cell))};
}

bool lower_is(std::string_view given, std::string_view lower) {
  return sqlite3_strnicmp(given.data(), lower.data(), static_cast<int>(given.size())) == 0 &&
         given.size() == lower.size();
}

std::optional<bool> truth(const Stored& value) {
  if (value.storage == SQLITE_INTEGER) {
    if (integer(value) == 0) return false;
    if (integer(value) == 1) return true;
  } else if (value.storage == SQLITE_TEXT) {
    const std::string_view word = text(value);
    if (lower_is(word, "true") || lower_is(word, "t") || word == "1") return true;
    if (lower_is(word, "false") || lower_is(word, "f") || word == "0") return false;
  }
  return std::nullopt;
}

Fit encode_boolean(const Encoder&, const Stored& value, Batch& batch) {
  const std::optional<bool> is = truth(value);
  if (!is) return value.storage == SQLITE_INTEGER ? Fit::range : Fit::format;
  *batch.add_cell(1) = *is ? 1 : 0;
  return Fit::ok;
}

template <typename T>
Fit encode_integer(const Encoder&, const Stored& value, Batch& batch) {
  if (value.storage != SQLITE_INTEGER) return Fit::storage;
  const std::int64_t whole = integer(value);
  if (whole < std::numeric_limits<T>::min() || whole > std::numeric_limits<T>::max()) {
    return Fit::range;
  }
  store(batch.add_cell(sizeof(T)), static_cast<T>(whole));
  return Fit::ok;
}

// The value as a double of at most `bits` bits of precision; none when it is another one then.
std::optional<double> exact_double(const Stored& value, int bits) {
  if (value.storage == SQLITE_FLOAT) return real(value);
  const std::int64_t whole = integer(value);
  const std::int64_t limit = std::int64_t{1} << bits;
  if (whole < -limit || whole > limit) return std::nullopt;
  return static_cast<double>(whole);
}

Fit encode_float64(const Encoder&, const Stored& value, Batch& batch) {
  if (value.storage != SQLITE_FLOAT && value.storage != SQLITE_INTEGER) return Fit::storage;
  const std::optional<double> number = exact_double(value, 53);
  if (!number) return Fit::precision;
  store_double(batch.add_cell(8), *number);
  return Fit::ok;
}

Fit encode_float32(const Encoder&, const Stored& value, Batch& batch) {
  if (value.storage != SQLITE_FLOAT && value.storage != SQLITE_INTEGER) return Fit::storage;
  const std::optional<double> number = exact_double(value, 24);
  if (!number) return Fit::precision;
  if (std::isfinite(*number) && std::abs(*number) > std::numeric_limits<float>::max()) {
    return Fit::range;
  }
  const auto narrow = static_cast<float>(*number);
  if (static_cast<double>(narrow) != *number) return Fit::precision;
  store(batch.add_cell(4), std::bit_cast<std::uint32_t>(narrow));
  return Fit::ok;
}

using Digits = std::array<char, 40>;

Fit encode_decimal(const Encoder& self, const Stored& value, Batch& batch) {
  bool fits = false;
  switch (value.storage) {
    case SQLITE_INTEGER:
      fits = add_decimal(batch, integer(value), self.limit);
      break;
    case SQLITE_FLOAT:
      fits = add_decimal(batch, real(value), self.limit);
      break;
    case SQLITE_TEXT:
      fits = add_decimal(batch, text(value), self.limit);
      break;
    default:
      return Fit::storage;
  }
  return fits ? Fit::ok : Fit::number;
}

// Numbers as SQLite prints them, but with all digits of a real. `spare` holds what is not text.
std::optional<std::string_view> rendered(const Stored& value, Digits& spare) {
  if (value.storage == SQLITE_TEXT) return text(value);
  if (value.storage == SQLITE_BLOB) return std::nullopt;
  if (value.storage == SQLITE_INTEGER) {
    const auto end = std::to_chars(spare.data(), spare.data() + spare.size(), integer(value)).ptr;
    return std::string_view(spare.data(), static_cast<std::size_t>(end - spare.data()));
  }
  const double number = real(value);
  static thread_local std::string digits;
  digits.clear();
  append_double(digits, number);
  // A real, not a whole number.
  if (std::isfinite(number) && digits.find_first_of(".e") == std::string::npos) digits += ".0";
  return digits;
}

Fit add_text(const Encoder& self, std::string_view text, Batch& batch) {
  const TextFault fault = fault_of(text, self.nul_allowed);
  if (fault != TextFault::none) return fault == TextFault::nul ? Fit::nul : Fit::utf8;
  batch.add_cell(text);
  return Fit::ok;
}

Fit encode_text(const Encoder& self, const Stored& value, Batch& batch) {
  Digits spare;
  const auto text = rendered(value, spare);
  return text ? add_text(self, *text, batch) : Fit::storage;
}

Fit encode_limited_text(const Encoder& self, const Stored& value, Batch& batch) {
  Digits spare;
  const auto text = rendered(value, spare);
  if (!text) return Fit::storage;
  if (count_characters(*text) > static_cast<std::size_t>(self.limit.length)) return Fit::length;
  if (self.limit.fixed && text->ends_with(' ')) return Fit::padded;
  return add_text(self, *text, batch);
}

Fit encode_json(const Encoder& self, const Stored& value, Batch& batch) {
  Digits spare;
  const auto text = rendered(value, spare);
  if (!text) return Fit::storage;
  if (value.storage == SQLITE_FLOAT && std::isinf(real(value))) return Fit::format;
  return add_text(self, *text, batch);
}

Fit encode_bytes(const Encoder& self, const Stored& value, Batch& batch) {
  if (value.storage != SQLITE_BLOB) return Fit::storage;
  const std::string_view bytes = blob(value);
  const auto limit = static_cast<std::size_t>(self.limit.length);
  if (limit > 0 && bytes.size() > limit) return Fit::length;
  if (self.limit.fixed && bytes.size() != limit) return Fit::padded;
  batch.add_cell(bytes);
  return Fit::ok;
}

// Texts too, whatever they are made of.
Fit encode_anything(const Encoder&, const Stored& value, Batch& batch) {
  Digits spare;
  batch.add_cell(rendered(value, spare).value_or(blob(value)));
  return Fit::ok;
}

Fit encode_uuid(const Encoder&, const Stored& value, Batch& batch) {
  std::array<char, 16> uuid;
  if (value.storage == SQLITE_BLOB) {
    if (blob(value).size() != uuid.size()) return Fit::format;
    batch.add_cell(blob(value));
    return Fit::ok;
  }
  if (value.storage != SQLITE_TEXT) return Fit::storage;
  if (!parse_uuid(text(value), uuid.data())) return Fit::format;
  batch.add_cell({uuid.data(), uuid.size()});
  return Fit::ok;
}

// Numbers in such columns count days or seconds from nobody says when.
template <auto parse>
Fit encode_moment(const Encoder& self, const Stored& value, Batch& batch) {
  if (value.storage != SQLITE_TEXT) return Fit::storage;
  const auto moment = parse(text(value));
  if (!moment) return Fit::format;
  if (sizeof *moment == 8 && cuts_fraction(self.limit.precision, *moment)) return Fit::fraction;
  store(batch.add_cell(sizeof *moment), *moment);
  return Fit::ok;
}

Fit encode_interval(const Encoder& self, const Stored& value, Batch& batch) {
  std::array<char, 16> interval;
  if (value.storage != SQLITE_TEXT) return Fit::storage;
  if (!parse_interval(text(value), interval.data())) return Fit::format;
  if (cuts_fraction(self.limit.precision, load<std::int64_t>(interval.data())))
    return Fit::fraction;
  batch.add_cell({interval.data(), interval.size()});
  return Fit::ok;
}

Fit encode_bits(const Encoder& self, const Stored& value, Batch& batch) {
  if (value.storage != SQLITE_TEXT) return Fit::storage;
  const std::string_view digits = text(value);
  if (digits.find_first_not_of("01") != std::string_view::npos) return Fit::format;
  const auto limit = static_cast<std::size_t>(self.limit.length);
  if (limit > 0 && digits.size() > limit) return Fit::length;
  if (limit > 0 && self.limit.fixed && digits.size() != limit) return Fit::format;
  const std::size_t bytes = (digits.size() + 7) / 8;
  char* to = batch.add_cell(4 + bytes);
  store(to, static_cast<std::int32_t>(digits.size()));
  std::memset(to + 4, 0, bytes);
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] == '1') to[4 + i / 8] |= static_cast<char>(0x80 >> (i % 8));
  }
  return Fit::ok;
}

void add_tagged(char tag, std::string_view bytes, Batch& batch) {
  char* to = batch.add_cell(1 + bytes.size());
  *to = tag;
  if (!bytes.empty()) std::memcpy(to + 1, bytes.data(), bytes.size());
}

Fit encode_dynamic(const Encoder&, const Stored& value, Batch& batch) {
  char* to = nullptr;
  switch (value.storage) {
    case SQLITE_INTEGER:
      to = batch.add_cell(9);
      *to = 'i';
      store(to + 1, integer(value));
      break;
    case SQLITE_FLOAT:
      to = batch.add_cell(9);
      *to = 'r';
      store_double(to + 1, real(value));
      break;
    case SQLITE_TEXT:
      add_tagged('t', text(value), batch);
      break;
    default:
      add_tagged('b', blob(value), batch);
  }
  return Fit::ok;
}

using Encode = Fit (*)(const Encoder&, const Stored&, Batch&);

Encode function_for(Kind kind, const Type& limit) {
  switch (kind) {
    case Kind::boolean:
      return encode_boolean;
    case Kind::int16:
      return encode_integer<std::int16_t>;
    case Kind::int32:
      return encode_integer<std::int32_t>;
    case Kind::int64:
      return encode_integer<std::int64_t>;
    case Kind::float32:
      return encode_float32;
    case Kind::float64:
      return encode_float64;
    case Kind::decimal:
      return encode_decimal;
    case Kind::text:
      return limit.length > 0 ? encode_limited_text : encode_text;
    case Kind::bytes:
      return encode_bytes;
    case Kind::uuid:
      return encode_uuid;
    case Kind::date:
      return encode_moment<parse_date>;
    case Kind::time:
      return encode_moment<parse_time>;
    case Kind::timestamp:
      return encode_moment<parse_timestamp>;
    case Kind::timestamptz:
      return encode_moment<parse_timestamptz>;
    case Kind::interval:
      return encode_interval;
    case Kind::json:
      return encode_json;
    case Kind::bits:
      return encode_bits;
    case Kind::dynamic:
      break;
  }
  return encode_dynamic;
}

}  // namespace

Encoder encoder_for(const ColumnRead& column, RowFormat format) {
  const Kind kind = format == RowFormat::native ? Kind::dynamic : column.wire;
  const Amendment& amendment = column.amendment;
  Type limit = column.target;
  if (amendment.truncate) limit.length = 0;
  return {.encode = amendment.as_bytes ? encode_anything : function_for(kind, limit),
          .limit = limit,
          .nul_allowed = amendment.strip_nul || column.nul_taken};
}

}  // namespace rowferry::sqlite
