#include <algorithm>
#include <array>

#include "core/image.h"
#include "engine/postgres/dialect.h"
#include "engine/postgres/types.h"

namespace rowferry::postgres {

namespace {

// Types whose hash function tells every two values apart as far as a hash can, on every server
// alike. Left out: reals and decimals without a scale (-0 and 0, 1.0 and 1.00 hash alike), enums
// (by OID), documents, and what consists of these.
constexpr std::array<std::string_view, 17> kHashed = {"boolean",
                                                      "smallint",
                                                      "integer",
                                                      "bigint",
                                                      "oid",
                                                      "bytea",
                                                      "uuid",
                                                      "date",
                                                      "time without time zone",
                                                      "timestamp without time zone",
                                                      "timestamp with time zone",
                                                      "inet",
                                                      "cidr",
                                                      "macaddr",
                                                      "macaddr8",
                                                      "text",
                                                      "character varying"};

bool hashed_as_it_is(const Column& column, const NativeName& name) {
  if (name.array || !column.collation.empty()) return false;
  if (name.base == "numeric") return !name.modifier.empty();
  return std::find(kHashed.begin(), kHashed.end(), name.base) != kHashed.end();
}

// What the type's output function prints: a cast may add to that, and IS NOT NULL is false for a
// composite value with a NULL in it.
std::string printed(const std::string& name) {
  return "CASE WHEN pg_catalog.num_nonnulls(" + name + ") > 0 THEN pg_catalog.concat(" + name +
         ") END";
}

std::string hashed(const Column& column) {
  const std::string name = quote(column.name);
  const NativeName native = parse_native(column.native);
  if (hashed_as_it_is(column, native)) return name;
  if (!native.array && native.base == "double precision") {
    return "pg_catalog.float8send(" + name + ")";
  }
  if (!native.array && native.base == "real") return "pg_catalog.float4send(" + name + ")";
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
      return native ? std::optional("pg_catalog.encode(" + name + ", 'hex')") : std::nullopt;
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
  if (way == DigestWay::sum) {
    if (form != nullptr || facts_.version < kHashesRecords) return std::nullopt;
    return hashed(column);
  }
  if (!unicode) return std::nullopt;
  if (form != nullptr) return canonical(column, *form);
  return framed_text("(" + printed(quote(column.name)) + ")");
}

}  // namespace rowferry::postgres
