#include "engine/sqlite/binder.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/value.h"
#include "engine/sqlite/error.h"
#include "engine/sqlite/types.h"

namespace rowferry::sqlite {

namespace {

Fit bound(const Binder& self, int code) {
  check(code, sqlite3_db_handle(self.statement), "bind a value");
  return Fit::ok;
}

Fit bind_view(const Binder& self, std::string_view text) {
  return bound(self, sqlite3_bind_text64(self.statement, self.index, text.data(), text.size(),
                                         SQLITE_STATIC, SQLITE_UTF8));
}

// A null pointer would bind NULL, hence the literal.
Fit bind_blob(const Binder& self, std::string_view bytes) {
  return bound(self,
               sqlite3_bind_blob64(self.statement, self.index, bytes.empty() ? "" : bytes.data(),
                                   bytes.size(), SQLITE_STATIC));
}

Fit bind_whole(const Binder& self, std::int64_t value) {
  return bound(self, sqlite3_bind_int64(self.statement, self.index, value));
}

Fit bind_real(const Binder& self, double value) {
  return bound(self, sqlite3_bind_double(self.statement, self.index, value));
}

Fit bind_boolean(Binder& self, std::string_view cell) {
  return bind_whole(self, cell.front() != 0 ? 1 : 0);
}

template <typename T>
Fit bind_integer(Binder& self, std::string_view cell) {
  return bind_whole(self, load<T>(cell.data()));
}

// A column of REAL affinity turns whole numbers into doubles.
template <typename T>
Fit bind_integer_as_real(Binder& self, std::string_view cell) {
  static constexpr std::int64_t kExact = std::int64_t{1} << 53;
  const std::int64_t value = load<T>(cell.data());
  if (value < -kExact || value > kExact) return Fit::precision;
  return bind_whole(self, value);
}

double double_of(Kind kind, std::string_view cell) {
  return kind == Kind::float32 ? load_float(cell.data()) : load_double(cell.data());
}

// Where a column has numeric affinity SQLite stores -0.0 as the integer 0.
Fit bind_float(Binder& self, std::string_view cell) {
  const double value = double_of(self.kind, cell);
  if (std::isnan(value)) return Fit::nan;
  if (value == 0 && std::signbit(value)) return Fit::negative_zero;
  return bind_real(self, value);
}

Fit bind_float_untouched(Binder& self, std::string_view cell) {
  const double value = double_of(self.kind, cell);
  return std::isnan(value) ? Fit::nan : bind_real(self, value);
}

// Text from any kind; a column of text affinity would print a double with 15 digits only.
Fit bind_rendered(Binder& self, std::string_view cell) {
  self.text.clear();
  append_text(self.text, self.kind, cell);
  return bind_view(self, self.text);
}

Fit bind_rendered_guarded(Binder& self, std::string_view cell) {
  self.text.clear();
  append_text(self.text, self.kind, cell);
  return looks_numeric(self.text) ? Fit::affinity : bind_view(self, self.text);
}

Fit bind_text(Binder& self, std::string_view cell) {
  return bind_view(self, cell);
}

Fit bind_text_guarded(Binder& self, std::string_view cell) {
  return looks_numeric(cell) ? Fit::affinity : bind_view(self, cell);
}

Fit bind_bytes(Binder& self, std::string_view cell) {
  return bind_blob(self, cell);
}

std::size_t significant_digits(std::string_view number) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t first = std::min(number.find_first_of("123456789"), number.size());
  return static_cast<std::size_t>(
      std::count_if(number.begin() + static_cast<std::ptrdiff_t>(first), number.end(), digit));
}

// A decimal without zeros at the end of its fraction.
std::string_view trimmed(std::string_view number) {
  if (number.find('.') == std::string_view::npos) return number;
  while (number.ends_with('0')) number.remove_suffix(1);
  if (number.ends_with('.')) number.remove_suffix(1);
  return number;
}

// As an integer, or as a double when that holds all digits: doubles hold 15 of them. The text is
// read here because SQLite's own reading is not always the nearest double.
Fit bind_decimal(Binder& self, std::string_view cell) {
  self.text.clear();
  append_text(self.text, Kind::decimal, cell);
  const std::string_view number = trimmed(self.text);
  const char* const end = number.data() + number.size();
  std::int64_t whole = 0;
  const auto integer = std::from_chars(number.data(), end, whole);
  if (integer.ec == std::errc() && integer.ptr == end) return bind_whole(self, whole);
  double real = 0;
  const auto fraction = std::from_chars(number.data(), end, real, std::chars_format::fixed);
  if (std::isnan(real) || std::isinf(real)) return bind_view(self, self.text);
  if (fraction.ec != std::errc() || significant_digits(number) > 15) return Fit::precision;
  if (std::abs(real) < 1e-290 || std::abs(real) > 1e290) return Fit::precision;
  return bind_real(self, real);
}

// The same where SQLite turns integers into doubles.
Fit bind_decimal_as_real(Binder& self, std::string_view cell) {
  self.text.clear();
  append_text(self.text, Kind::decimal, cell);
  return significant_digits(trimmed(self.text)) > 15 ? Fit::precision : bind_decimal(self, cell);
}

Fit bind_dynamic(Binder& self, std::string_view cell) {
  const std::string_view value = cell.substr(1);
  switch (cell.front()) {
    case 'i':
      return bind_whole(self, load<std::int64_t>(value.data()));
    case 'r':
      return bind_real(self, load_double(value.data()));
    case 't':
      return bind_view(self, value);
    default:
      return bind_blob(self, value);
  }
}

using Bind = Fit (*)(Binder&, std::string_view);

template <typename T>
Bind integer_bind(Affinity affinity) {
  return affinity == Affinity::real ? bind_integer_as_real<T> : bind_integer<T>;
}

Bind float_bind(Affinity affinity) {
  if (affinity == Affinity::text) return bind_rendered;
  return affinity == Affinity::blob ? bind_float_untouched : bind_float;
}

Bind decimal_bind(Affinity affinity) {
  if (!converts_text(affinity)) return bind_rendered;
  return affinity == Affinity::real ? bind_decimal_as_real : bind_decimal;
}

Bind function_for(Kind kind, Affinity affinity) {
  switch (kind) {
    case Kind::boolean:
      return bind_boolean;
    case Kind::int16:
      return integer_bind<std::int16_t>(affinity);
    case Kind::int32:
      return integer_bind<std::int32_t>(affinity);
    case Kind::int64:
      return integer_bind<std::int64_t>(affinity);
    case Kind::float32:
    case Kind::float64:
      return float_bind(affinity);
    case Kind::decimal:
      return decimal_bind(affinity);
    case Kind::bytes:
      return bind_bytes;
    case Kind::text:
    case Kind::json:
      return converts_text(affinity) ? bind_text_guarded : bind_text;
    case Kind::dynamic:
      return bind_dynamic;
    default:
      return converts_text(affinity) ? bind_rendered_guarded : bind_rendered;
  }
}

}  // namespace

bool looks_numeric(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with('+') || text.starts_with('-')) return false;
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool digits = text.find_first_of("0123456789") != std::string_view::npos;
  return digits && failed != std::errc::invalid_argument && end == text.data() + text.size();
}

Binder binder_for(const ColumnWrite& column, RowFormat format, sqlite3_stmt* statement, int index) {
  const Kind kind = format == RowFormat::native ? Kind::dynamic : column.wire;
  return {.bind = function_for(kind, affinity_of(column.native)),
          .statement = statement,
          .index = index,
          .kind = kind,
          .text = {}};
}

}  // namespace rowferry::sqlite
