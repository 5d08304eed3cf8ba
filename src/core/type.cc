#include "core/type.h"

#include <array>

namespace rowferry {

namespace {

constexpr std::array<std::string_view, 18> kNames = {
    "boolean",   "int16",       "int32",    "int64", "float32", "float64",
    "decimal",   "text",        "bytes",    "uuid",  "date",    "time",
    "timestamp", "timestamptz", "interval", "json",  "bits",    "dynamic"};

// Decimal digits that hold every value of an integer kind; 0 for other kinds.
int integer_digits(Kind kind) {
  switch (kind) {
    case Kind::int16:
      return 5;
    case Kind::int32:
      return 10;
    case Kind::int64:
      return 19;
    default:
      return 0;
  }
}

bool limit_holds(int from, int to) {
  return to == 0 || (from != 0 && from <= to);
}

bool decimal_holds(const Type& from, const Type& to) {
  if (to.precision == 0) return true;
  const int whole =
      from.kind == Kind::decimal ? from.precision - from.scale : integer_digits(from.kind);
  if (from.kind == Kind::decimal && from.precision == 0) return false;
  return whole <= to.precision - to.scale && from.scale <= to.scale;
}

}  // namespace

std::string_view name_of(Kind kind) {
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string describe(const Type& type) {
  std::string text(name_of(type.kind));
  if (type.kind == Kind::decimal && type.precision > 0) {
    return text + "(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
  }
  if (type.length > 0) text += "(" + std::to_string(type.length) + ")";
  return text;
}

bool widens(const Type& from, const Type& to) {
  if (from.kind == to.kind) {
    if (from.kind == Kind::decimal) return decimal_holds(from, to);
    // A padded type adds spaces, and leaving it takes them away or keeps them: neither is what was
    // there.
    const bool padded = from.fixed || to.fixed;
    if (from.kind == Kind::text && padded && (from.fixed != to.fixed || from.length != to.length)) {
      return false;
    }
    if (from.kind == Kind::bits) return from.length == to.length || (to.length == 0);
    return limit_holds(from.length, to.length) && limit_holds(from.precision, to.precision);
  }
  const int digits = integer_digits(from.kind);
  if (digits > 0) {
    if (to.kind == Kind::decimal) return decimal_holds(from, to);
    return integer_digits(to.kind) > digits;
  }
  if (from.kind == Kind::float32) return to.kind == Kind::float64;
  return false;
}

}  // namespace rowferry
