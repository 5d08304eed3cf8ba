#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rowferry {

// The neutral kinds that columns of different engines meet in. Each names one binary form; wherever
// PostgreSQL has a send function for the type, the form is what that function sends.
enum class Kind : std::uint8_t {
  boolean,      // 1 byte, 0 or 1
  int16,        // big-endian two's complement, 2 bytes
  int32,        // 4 bytes
  int64,        // 8 bytes
  float32,      // IEEE 754, big-endian, 4 bytes
  float64,      // 8 bytes
  decimal,      // PostgreSQL numeric: int16 ndigits, weight, sign, dscale, then base-10000 digits
  text,         // UTF-8
  bytes,        // as they are
  uuid,         // 16 bytes
  date,         // int32 days since 2000-01-01
  time,         // int64 microseconds since midnight
  timestamp,    // int64 microseconds since 2000-01-01 00:00, no zone
  timestamptz,  // the same in UTC
  interval,     // int64 microseconds, int32 days, int32 months
  json,         // UTF-8 text
  bits,         // int32 number of bits, then the bits, first bit highest
  dynamic,      // one tag byte (i, r, t, b), then int64, float64, UTF-8 or bytes: a value that
                // carries its own type, as SQLite's do
};

// The stable lower-case name of `kind`.
std::string_view name_of(Kind kind);

// A column's type without an engine: the kind and the limits that a target may have to enforce.
struct Type {
  Kind kind = Kind::text;
  int length = 0;      // characters, bytes or bits; 0 = no limit
  int precision = 0;   // decimal digits in all, or fractional second digits + 1; 0 = not given
  int scale = 0;       // decimal digits after the point
  bool fixed = false;  // padded to `length` (CHAR, BIT)

  friend bool operator==(const Type&, const Type&) = default;
};

// "decimal(10,2)", "text(50)", "int64": for plans, fingerprints and messages.
std::string describe(const Type& type);

// True when each value of `from` is a value of `to`, with the same meaning and nothing cut.
bool widens(const Type& from, const Type& to);

}  // namespace rowferry
