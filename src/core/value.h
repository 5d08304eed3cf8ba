#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/batch.h"
#include "core/type.h"

// Text forms of the binary forms of Kind, both ways. All functions are pure and exact: text that
// has no exact binary form gives nothing.
namespace rowferry {

// Appends the text of one cell to `out`: decimals as PostgreSQL prints them, dates and times in ISO
// 8601 with a space, years over 9999 in full, "BC" behind earlier ones, "infinity" and "-infinity",
// bytes and bits in hexadecimal and binary, floats as the shortest text that reads back equal.
void append_text(std::string& out, Kind kind, std::string_view cell);
std::string to_text(Kind kind, std::string_view cell);

// Adds a decimal cell for `text` ("-12.50", "1e20", "NaN"). False, and nothing added, when it is
// not a number or does not fit precision and scale of `limit` without rounding.
bool add_decimal(Batch& batch, std::string_view text, const Type& limit);
// The same for an integer, without text in between.
bool add_decimal(Batch& batch, std::int64_t value, const Type& limit);
// The same for the shortest decimal number that reads back as `value`.
bool add_decimal(Batch& batch, double value, const Type& limit);

// The forms that append_text writes, and besides: 'T' for the space, seconds left out, a zone ("Z",
// "+02", "+02:00") for timestamptz only. More than six fractional digits must be zeros.
std::optional<std::int32_t> parse_date(std::string_view text);
std::optional<std::int64_t> parse_time(std::string_view text);
std::optional<std::int64_t> parse_timestamp(std::string_view text);
std::optional<std::int64_t> parse_timestamptz(std::string_view text);

// 16 bytes into `out`; text with or without hyphens and braces.
bool parse_uuid(std::string_view text, char* out);

// The shortest text that reads back as the same double.
void append_double(std::string& out, double value);
void append_float(std::string& out, float value);

}  // namespace rowferry
