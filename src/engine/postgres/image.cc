#include <algorithm>
#include <array>

#include "core/image.h"
#include "engine/postgres/dialect.h"
#include "engine/postgres/types.h"

namespace rowferry::postgres {

namespace {

// Types whose hash function tells every two values apart as far as a hash can, on every server
// alike.
constexpr std::array<std::string_view, 12> kHashed = {"boolean", "smallint", "integer",  "oid",
                                                      "bytea",   "uuid",     "date",     "inet",
                                                      "cidr",    "macaddr",  "macaddr8", "text"};

// Types whose hash function takes some values for one, and what tells these apart beside the value
// or in its place. 64-bit numbers and times are folded into 32 bits, so that 1 and 4294967296 are
// one; the sign of numeric is not looked at, its NaN is NULL, and how many zeros end it is
// not looked at either; -0 is 0.
struct Told {
  std::string_view type;
  std::string_view by;  // $ stands for the column
};
constexpr std::array<Told, 9> kTold = {{
    {"bigint", "$, ($ >> 32)::int4"},
    {"numeric", "pg_catalog.numeric_send($)"},
    {"real", "$, CASE WHEN $ = 0 THEN pg_catalog.float4send($) END"},
    {"double precision", "$, CASE WHEN $ = 0 THEN pg_catalog.float8send($) END"},
    {"time without time zone", "pg_catalog.time_send($)"},
    {"timestamp without time zone", "pg_catalog.timestamp_send($)"},
    {"timestamp with time zone", "pg_catalog.timestamptz_send($)"},
    {"json", "$::text"},
    {"jsonb", "$::text"},
}};
// Of a numeric whose digits after the point are fixed.
constexpr std::string_view kFixedNumeric = "$, $ < 0";

std::string with_column(std::string_view words, const std::string& name) {
  std::string text;
  for (const char c : words) c == '$' ? text += name : text += c;
  return text;
}

// What the type's output function prints: a cast may add to that, and IS NOT NULL is false for a
// composite value with a NULL in it.
std::string printed(const std::string& name) {
  return "CASE WHEN pg_catalog.num_nonnulls(" + name + ") > 0 THEN pg_catalog.concat(" + name +
         ") END";
}

// The column as items of a record, whose hash then is another for another value.
std::string hashed(const Column& column) {
  const std::string name = quote(column.name);
  const NativeName native = parse_native(column.native);
  if (!native.array && column.collation.empty()) {
    const bool varying = native.base == "character varying";
    if (varying || std::find(kHashed.begin(), kHashed.end(), native.base) != kHashed.end()) {
      return name;
    }
    if (native.base == "numeric" && column.type.precision > 0) {
      return with_column(kFixedNumeric, name);
    }
    for (const Told& told : kTold) {
      if (told.type == native.base) return with_column(told.by, name);
    }
  }
  return "pg_catalog.textsend(" + printed(name) + ")";
}

std::string framed_text(const std::string& text) {
  return "pg_catalog.octet_length(" + text + "), ':', " + text;
}

bool is_whole(Kind kind) {
  return kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64;
}

// A cast to text takes the spaces off that fill a `character` up.
std::string text_of(const Column& column, bool native, bool trimmed) {
  const std::string name = quote(column.name);
  const bool filled = parse_native(column.native).base == "character";
  const std::string text = native && !filled ? name + "::text" : "(" + printed(name) + ")";
  return trimmed ? "pg_catalog.rtrim(" + text + ", ' ')" : text;
}

// The canonical text, where it is what the server prints.
std::optional<std::string> canonical(const Column& column, const Type& form) {
  const std::string name = quote(column.name);
  const bool native = sends_kind(column.native) && column.type.kind == form.kind;
  switch (form.kind) {
    case Kind::int16:
    case Kind::int32:
    case Kind::int64:
      if (!sends_kind(column.native) || !is_whole(column.type.kind)) return std::nullopt;
      return name + "::text";
    case Kind::boolean:
    case Kind::uuid:
    case Kind::date:
    case Kind::timestamp:
    case Kind::timestamptz:
    case Kind::float32:
    case Kind::float64:
      return native ? std::optional(name + "::text") : std::nullopt;
    case Kind::decimal:
      if (!native || form.precision == 0 || column.type.precision == 0) return std::nullopt;
      if (column.type.scale != form.scale) return std::nullopt;
      return name + "::text";
    case Kind::bytes:
      if (!native) return std::nullopt;
      return framed_text("pg_catalog.encode(" + name + ", 'hex')");
    case Kind::json:
      return native ? std::optional(framed_text(name + "::text")) : std::nullopt;
    case Kind::text:
      if (column.type.kind != Kind::text) return std::nullopt;
      return framed_text(text_of(column, native, form.fixed));
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> PostgresDialect::image(const Column& column, const Type* form,
                                                  DigestWay way) const {
  const auto encoding = facts_.settings.find("server_encoding");
  const bool unicode = encoding != facts_.settings.end() && encoding->second == "UTF8";
  constexpr int kHashesRecords = 140000;
  if (way == DigestWay::scan) {
    if (form != nullptr || facts_.version < kHashesRecords) return std::nullopt;
    return hashed(column);
  }
  if (way == DigestWay::sum || !unicode) return std::nullopt;
  if (form != nullptr) return canonical(column, *form);
  return framed_text("(" + printed(quote(column.name)) + ")");
}

}  // namespace rowferry::postgres
