#include "core/value.h"

#include <array>
#include <charconv>

#include "core/bytes.h"
#include "core/calendar.h"
#include "core/decimal.h"

namespace rowferry {

namespace {

constexpr char kHex[] = "0123456789abcdef";

void append_integer(std::string& out, std::int64_t value) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  out.append(text.data(), end);
}

void append_hex(std::string& out, std::string_view bytes) {
  const std::size_t start = out.size();
  out.resize(start + 2 * bytes.size());
  char* to = out.data() + start;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *to++ = kHex[byte >> 4];
    *to++ = kHex[byte & 15];
  }
}

void append_bits(std::string& out, std::string_view cell) {
  const auto bits = load<std::int32_t>(cell.data());
  for (std::int32_t bit = 0; bit < bits; ++bit) {
    const auto byte = static_cast<unsigned char>(cell[4 + static_cast<std::size_t>(bit / 8)]);
    out += (byte >> (7 - bit % 8) & 1) != 0 ? '1' : '0';
  }
}

void append_uuid(std::string& out, std::string_view cell) {
  std::array<char, 36> text;
  char* to = text.data();
  for (std::size_t i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *to++ = '-';
    const auto byte = static_cast<unsigned char>(cell[i]);
    *to++ = kHex[byte >> 4];
    *to++ = kHex[byte & 15];
  }
  out.append(text.data(), text.size());
}

void append_dynamic(std::string& out, std::string_view cell) {
  const std::string_view value = cell.substr(1);
  switch (cell.front()) {
    case 'i':
      return append_integer(out, load<std::int64_t>(value.data()));
    case 'r':
      return append_double(out, load_double(value.data()));
    case 'b':
      return append_hex(out, value);
    default:
      out += value;
  }
}

constexpr std::array<std::int8_t, 256> hex_values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (int digit = 0; digit < 10; ++digit) values[std::size_t('0') + digit] = digit;
  for (int digit = 10; digit < 16; ++digit) {
    values[std::size_t('a') + digit - 10] = digit;
    values[std::size_t('A') + digit - 10] = digit;
  }
  return values;
}

// The value of a hexadecimal digit, -1 for any other character.
int hex_digit(char c) {
  static constexpr std::array<std::int8_t, 256> kValues = hex_values();
  return kValues[static_cast<unsigned char>(c)];
}

}  // namespace

void append_text(std::string& out, Kind kind, std::string_view cell) {
  switch (kind) {
    case Kind::boolean:
      out += cell.front() != 0 ? "true" : "false";
      return;
    case Kind::int16:
      return append_integer(out, load<std::int16_t>(cell.data()));
    case Kind::int32:
      return append_integer(out, load<std::int32_t>(cell.data()));
    case Kind::int64:
      return append_integer(out, load<std::int64_t>(cell.data()));
    case Kind::float32:
      return append_float(out, load_float(cell.data()));
    case Kind::float64:
      return append_double(out, load_double(cell.data()));
    case Kind::decimal:
      return append_decimal(out, cell);
    case Kind::bytes:
      return append_hex(out, cell);
    case Kind::uuid:
      return append_uuid(out, cell);
    case Kind::date:
      return append_date(out, load<std::int32_t>(cell.data()));
    case Kind::time:
      return append_time(out, load<std::int64_t>(cell.data()));
    case Kind::timestamp:
      return append_timestamp(out, load<std::int64_t>(cell.data()), "");
    case Kind::timestamptz:
      return append_timestamp(out, load<std::int64_t>(cell.data()), "+00");
    case Kind::interval:
      return append_interval(out, cell);
    case Kind::bits:
      return append_bits(out, cell);
    case Kind::dynamic:
      return append_dynamic(out, cell);
    case Kind::text:
    case Kind::json:
      out += cell;
  }
}

std::string to_text(Kind kind, std::string_view cell) {
  std::string out;
  append_text(out, kind, cell);
  return out;
}

bool parse_uuid(std::string_view text, char* out) {
  if (text.size() > 2 && text.front() == '{' && text.back() == '}') {
    text = text.substr(1, text.size() - 2);
  }
  const bool hyphens = text.size() == 36;
  if (!hyphens && text.size() != 32) return false;
  std::size_t at = 0;
  for (int byte = 0; byte < 16; ++byte) {
    if (hyphens && (byte == 4 || byte == 6 || byte == 8 || byte == 10) && text[at++] != '-') {
      return false;
    }
    const int high = hex_digit(text[at++]);
    const int low = hex_digit(text[at++]);
    if (high < 0 || low < 0) return false;
    out[byte] = static_cast<char>(high << 4 | low);
  }
  return true;
}

}  // namespace rowferry
