#include "engine/mysql/field.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

#include "core/bytes.h"
#include "core/value.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/types.h"
#include "engine/sql/rejected.h"

namespace rowferry::mysql {

namespace {

constexpr std::int64_t kMicros = 1'000'000;

void append_hex(std::string& out, std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
}

void append_escaped(std::string& out, std::string_view text) {
  while (true) {
    const std::size_t plain = std::min(text.find_first_of("\t\n\\"), text.size());
    out.append(text.data(), plain);
    if (plain == text.size()) return;
    out += '\\';
    out += text[plain];
    text.remove_prefix(plain + 1);
  }
}

// BIT's value as a number, of a cell of bits or of the server's own bytes.
void append_bit_number(std::string& out, std::string_view bytes, unsigned shift) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = value << 8U | static_cast<unsigned char>(c);
  out += std::to_string(value >> shift);
}

bool is_real(Kind kind) {
  return kind == Kind::float32 || kind == Kind::float64;
}

double real_of(Kind kind, std::string_view cell) {
  return kind == Kind::float32 ? load_float(cell.data()) : load_double(cell.data());
}

// "-838:59:59.000000"; an interval with days or months has none and stays what it prints as.
bool append_clock(std::string& out, std::string_view cell) {
  if (load<std::int32_t>(cell.data() + 8) != 0 || load<std::int32_t>(cell.data() + 12) != 0) {
    return false;
  }
  const auto micros = load<std::int64_t>(cell.data());
  const std::uint64_t size =
      micros < 0 ? 0 - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
  const std::uint64_t seconds = size / kMicros;
  char text[48];
  const int length =
      std::snprintf(text, sizeof text, "%s%02llu:%02llu:%02llu.%06llu", micros < 0 ? "-" : "",
                    static_cast<unsigned long long>(seconds / 3600),
                    static_cast<unsigned long long>(seconds / 60 % 60),
                    static_cast<unsigned long long>(seconds % 60),
                    static_cast<unsigned long long>(size % kMicros));
  out.append(text, static_cast<std::size_t>(length));
  return true;
}

// The four digits behind \u; -1: no such escape stands there.
int escaped_unit(std::string_view text, std::size_t at) {
  int unit = 0;
  if (text.substr(at, 2) != "\\u" || at + 6 > text.size()) return -1;
  const char* const end = text.data() + at + 6;
  const auto [stop, failed] = std::from_chars(end - 4, end, unit, 16);
  return failed == std::errc() && stop == end ? unit : -1;
}

// Whether a document escapes half of a surrogate pair.
bool names_half(std::string_view text) {
  for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
    const int unit = escaped_unit(text, at);
    if (unit >= 0xDC00 && unit <= 0xDFFF) return true;
    at += unit < 0 ? 2 : 6;
    if (unit < 0xD800 || unit > 0xDBFF) continue;
    const int low = escaped_unit(text, at);
    if (low < 0xDC00 || low > 0xDFFF) return true;
    at += 6;
  }
  return false;
}

constexpr const char* kHalf = "half of a surrogate pair: ";  // no document begins so

}  // namespace

Field::Field(const ColumnWrite& column, RowFormat format, const Target& target)
    : name_(column.name),
      kind_(column.wire),
      native_(format == RowFormat::native),
      nullable_(target.nullable),
      signed_zero_(target.signed_zero) {
  const std::string base = parse_native(column.native).base;
  year_ = base == "year";
  set_ = base == "set";
  enum_ = base == "enum";
  empty_label_ = has_empty_label(column.native);
  const bool known = (set_ || enum_) && !has_garbled_labels(column.native);
  if (known && !native_) labels_ = labels_of(column.native);
  if (!set_) std::sort(labels_.begin(), labels_.end());
  const Type type = to_type(column.native);
  clock_ = base == "time";
  loses_halves_ = !target.halves && base == "json";
  if (is_binary(column.native) || (native_ && is_odd(target.charset))) {
    form_ = Form::bytes;
    taken_ = Taken::as_it_is;
  } else if (type.kind == Kind::bits) {
    form_ = Form::bits;
    taken_ = Taken::as_number;
  } else if (type.kind == Kind::text || type.kind == Kind::json) {
    const bool text = base.ends_with("char") || base.ends_with("text");
    if (text && target.charset.starts_with("utf8")) taken_ = Taken::as_it_is;
  } else if (type.kind != Kind::uuid) {
    form_ = Form::number;
    taken_ = Taken::as_it_is;
  }
  if (!native_ && kind_ == Kind::timestamptz) kind_ = Kind::timestamp;  // UTC, without saying so
}

std::string Field::target(std::size_t index) const {
  return taken_ == Taken::as_it_is ? quote(name_) : "@v" + std::to_string(index);
}

std::string Field::conversion(std::size_t index) const {
  const std::string variable = "@v" + std::to_string(index);
  switch (taken_) {
    case Taken::as_it_is:
      return "";
    case Taken::as_text:
      return quote(name_) + " = CONVERT(" + variable + " USING utf8mb4)";
    case Taken::as_number:
      return quote(name_) + " = CAST(CONVERT(" + variable + " USING utf8mb4) AS UNSIGNED)";
  }
  return "";
}

// The cell as the server reads it.
void Field::append_plain(std::string& out, std::string_view cell) const {
  if (form_ == Form::bytes) {
    out += cell;
    return;
  }
  if (form_ == Form::bits) {
    if (native_) return append_bit_number(out, cell, 0);
    const auto bits = static_cast<unsigned>(load<std::int32_t>(cell.data()));
    const std::string_view bytes = cell.substr(4);
    return append_bit_number(out, bytes, static_cast<unsigned>(bytes.size() * 8) - bits);
  }
  if (native_ && form_ == Form::number && cell == "-0" && !signed_zero_) {
    out += "no negative zero: -0";
  } else if (year_ && !native_) {
    const int year = load<std::int16_t>(cell.data());
    const bool there = year == 0 || (year >= 1901 && year <= 2155);
    char text[24];
    const int length = std::snprintf(text, sizeof text, there ? "%04d" : "no year: %d", year);
    out.append(text, static_cast<std::size_t>(length));
  } else if (native_ || kind_ == Kind::text || kind_ == Kind::json) {
    out += cell;
  } else if (kind_ == Kind::boolean) {
    out += cell[0] == 0 ? '0' : '1';
  } else if (is_real(kind_) && form_ == Form::number) {
    append_real(out, cell);
  } else if (!(clock_ && kind_ == Kind::interval && append_clock(out, cell))) {
    append_text(out, kind_, cell);
  }
}

// Where the server would make another number of it, what it refuses.
void Field::append_real(std::string& out, std::string_view cell) const {
  const double value = real_of(kind_, cell);
  if (value == 0 && std::signbit(value) && !signed_zero_) out += "no negative zero: ";
  // The server compares a number's text with the largest float before it rounds it to one.
  const bool largest = std::fabs(value) == std::numeric_limits<float>::max();
  if (largest) return append_double(out, value);
  append_text(out, kind_, cell);
}

// The server would take such a text for another label than it says: by number, without regard to
// case, to spaces, to the order of a set.
bool Field::is_no_label(std::string_view cell) const {
  if (labels_.empty() || cell.empty()) return false;
  if (!set_) return !std::binary_search(labels_.begin(), labels_.end(), cell, std::less<>());
  auto from = labels_.begin();
  for (std::size_t at = 0; at <= cell.size();) {
    const std::size_t end = std::min(cell.find(',', at), cell.size());
    from = std::find(from, labels_.end(), cell.substr(at, end - at));
    if (from == labels_.end()) return true;
    ++from;
    at = end + 1;
  }
  return false;
}

// A document that the server would put another sign into.
bool Field::is_spoilt(std::string_view cell) const {
  return loses_halves_ && names_half(cell);
}

void Field::append_field(std::string& out, std::string_view cell) const {
  if (is_no_label(cell)) out += "no label: ";
  if (is_spoilt(cell)) out += kHalf;
  const bool any_sign =
      form_ == Form::bytes ||
      (form_ == Form::text && (native_ || kind_ == Kind::text || kind_ == Kind::json));
  if (any_sign) return append_escaped(out, cell);
  append_plain(out, cell);  // digits, letters and points only
}

bool Field::is_outside(std::string_view cell) const {
  constexpr std::string_view kNone("\0", 1);
  return native_ && enum_ && (cell == kNone || (cell.empty() && !empty_label_));
}

void Field::append_literal(std::string& out, std::string_view cell) const {
  if (form_ == Form::bytes) {
    out += "x'";
    append_hex(out, cell);
    out += '\'';
  } else if (form_ == Form::bits) {
    append_plain(out, cell);
  } else if (is_outside(cell)) {
    out += '0';
  } else {
    std::string plain = is_no_label(cell) ? "no label: " : is_spoilt(cell) ? kHalf : "";
    append_plain(plain, cell);
    out += literal(plain);
  }
}

RejectedCell Field::shown(std::string_view cell) const {
  if (!native_) return sql::cell_of(name_, kind_, cell);
  if (form_ == Form::bytes) return sql::bytes_cell(name_, cell);
  std::string text(form_ == Form::bits ? "" : cell);  // as it is, not as it would be refused
  if (form_ == Form::bits) append_plain(text, cell);
  return sql::text_cell(name_, std::move(text));
}

}  // namespace rowferry::mysql
