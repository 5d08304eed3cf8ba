#include "core/image.h"

#include <algorithm>
#include <array>
#include <span>

#include "engine/mysql/dialect.h"
#include "engine/mysql/types.h"

// What digests are taken over, as arguments of CONCAT_WS(), which passes over NULL.
namespace rowferry::mysql {

namespace {

constexpr int kHasCrc32c = 100800;  // of MariaDB

// Types whose values are printed in digits and signs.
constexpr auto kPlain =
    std::to_array<std::string_view>({"tinyint", "smallint", "mediumint", "int", "bigint", "decimal",
                                     "year", "date", "datetime", "timestamp", "time"});
constexpr auto kTexts =
    std::to_array<std::string_view>({"char", "varchar", "tinytext", "text", "mediumtext",
                                     "longtext", "enum", "set", "json", "uuid", "inet4", "inet6"});
// Of these, what is printed as a text and is none.
constexpr auto kNoTexts = std::to_array<std::string_view>({"uuid", "inet4", "inet6"});
constexpr auto kReals = std::to_array<std::string_view>({"float", "double"});
constexpr auto kBytes = std::to_array<std::string_view>(
    {"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"});

std::string framed_text(const std::string& text) {
  return "LENGTH(" + text + "), ':', " + text;
}

std::string in_unicode(const Column& column) {
  return "CONVERT(" + quote(column.name) + " USING utf8mb4)";
}

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_whole(Kind kind) {
  return kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64;
}

bool filled(const Column& column) {
  return column.native.find("zerofill") != std::string::npos;
}

// Shortest digits, which tell all but the zeros apart; these, their angle does.
std::string real(const Column& column) {
  const std::string name = quote(column.name);
  const std::string number = column.native == "double" ? name : "(" + name + " + 0e0)";
  return "IF(" + number + " = 0, IF(ATAN2(" + number + ", -1e0) < 0, '-0', '0'), " + number + ")";
}

// What tells the values of a type apart, on two servers of this kind.
std::string native_image(const Column& column) {
  const std::string base = parse_native(column.native).base;
  const std::string name = quote(column.name);
  if (is_one_of(base, kPlain)) return name;
  if (is_one_of(base, kReals)) return real(column);
  if (is_one_of(base, kTexts) && column.charset.empty()) return framed_text(in_unicode(column));
  return framed_text("HEX(" + name + ")");
}

// A number with a fraction of at most 61 bits, and 62 before it, as two whole numbers, which cost a
// server a quarter of what shortest digits do; others as these.
std::string real_in_parts(const Column& column) {
  const std::string name = quote(column.name);
  const std::string number = column.native == "double" ? name : "(" + name + " + 0e0)";
  const std::string whole = "CAST(" + number + " AS SIGNED)";
  return "IF(ABS(" + number + ") BETWEEN 0.001953125e0 AND 4611686018427387904e0, CONCAT_WS(':', " +
         whole + ", CAST((" + number + " - " + whole + ") * 4611686018427387904e0 AS SIGNED)), " +
         real(column) + ")";
}

// The same as native_image for a row whose columns stand between bytes that are none of UTF-8, so
// that texts need no length. What says that a value is NULL stands before it.
std::string summed_image(const Column& column) {
  const std::string base = parse_native(column.native).base;
  const std::string name = quote(column.name);
  const std::string flag = column.nullable ? "ISNULL(" + name + "), " : "";
  if (is_one_of(base, kReals)) return flag + real_in_parts(column);
  if (is_one_of(base, kBytes)) return flag + "LENGTH(" + name + "), " + name;
  if (is_one_of(base, kPlain)) return flag + name;
  const bool text = is_one_of(base, kTexts) && column.charset.empty();
  if (!text) return flag + "HEX(" + name + ")";
  return flag + (column.utf8 ? name : in_unicode(column));
}

// Without zeros at the end of its fraction.
std::string moment(const Column& column) {
  const std::string name = quote(column.name);
  if (parse_native(column.native).arguments.empty()) return name;
  return "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM " + name + "))";
}

std::optional<std::string> text_image(const Column& column, const Type& form) {
  const std::string base = parse_native(column.native).base;
  const bool text = is_one_of(base, kTexts) && !is_one_of(base, kNoTexts);
  if (!text || !column.charset.empty()) return std::nullopt;
  const std::string unicode = in_unicode(column);
  return framed_text(form.fixed ? "TRIM(TRAILING ' ' FROM " + unicode + ")" : unicode);
}

// The canonical text, where it is what the server prints.
std::optional<std::string> canonical(const Column& column, const Type& form) {
  const NativeName native = parse_native(column.native);
  const std::string name = quote(column.name);
  const bool same = column.type.kind == form.kind;
  const auto plain = [&](bool proven, const std::string& text) {
    return proven ? std::optional(text) : std::nullopt;
  };
  switch (form.kind) {
    case Kind::int16:
    case Kind::int32:
    case Kind::int64:
      return plain(is_whole(column.type.kind) && native.base != "year" && native.base != "bit" &&
                       !filled(column),
                   name);
    case Kind::decimal:
      return plain(same && native.base == "decimal" && !filled(column) && form.precision > 0 &&
                       column.type.scale == form.scale,
                   name);
    case Kind::text:
    case Kind::json:
      return same ? text_image(column, form) : std::nullopt;
    case Kind::bytes: {
      const bool proven = same && is_one_of(native.base, kBytes);
      if (!proven) return std::nullopt;
      return framed_text("LOWER(HEX(" + name + "))");
    }
    case Kind::uuid:
      return plain(same && native.base == "uuid", name);
    case Kind::date:
      return plain(same && native.base == "date", name);
    case Kind::timestamp:
      return plain(same && native.base == "datetime", moment(column));
    case Kind::timestamptz:
      return plain(same && native.base == "timestamp", "CONCAT(" + moment(column) + ", '+00')");
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<std::string> MysqlDialect::image(const Column& column, const Type* form,
                                               DigestWay way) const {
  if (way == DigestWay::scan) return std::nullopt;
  if (way == DigestWay::sum) {
    const bool hashes = facts_.product.starts_with("MariaDB") && facts_.version >= kHasCrc32c;
    return form == nullptr && hashes ? std::optional(summed_image(column)) : std::nullopt;
  }
  return form != nullptr ? canonical(column, *form) : native_image(column);
}

}  // namespace rowferry::mysql
