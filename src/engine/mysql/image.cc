#include "core/image.h"

#include <algorithm>

#include "engine/mysql/dialect.h"
#include "engine/mysql/types.h"

// What digests are taken over, as arguments of CONCAT_WS(), which passes over NULL.
namespace rowferry::mysql {

namespace {

std::string framed_text(const std::string& text) {
  return "LENGTH(" + text + "), ':', " + text;
}

std::string in_unicode(const Column& column) {
  return "CONVERT(" + quote(column.name) + " USING utf8mb4)";
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
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
  if (is_one_of(base, {"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "year",
                       "date", "datetime", "timestamp", "time"})) {
    return name;
  }
  if (is_one_of(base, {"float", "double"})) return real(column);
  if (is_one_of(base, {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum",
                       "set", "json", "uuid", "inet4", "inet6"}) &&
      column.charset.empty()) {
    return framed_text(in_unicode(column));
  }
  return framed_text("HEX(" + name + ")");
}

// Without zeros at the end of its fraction.
std::string moment(const Column& column) {
  const std::string name = quote(column.name);
  if (parse_native(column.native).arguments.empty()) return name;
  return "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM " + name + "))";
}

std::optional<std::string> text_image(const Column& column, const Type& form) {
  const std::string base = parse_native(column.native).base;
  const bool text = is_one_of(base, {"char", "varchar", "tinytext", "text", "mediumtext",
                                     "longtext", "enum", "set", "json"});
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
      const bool proven = same && is_one_of(native.base, {"binary", "varbinary", "tinyblob", "blob",
                                                          "mediumblob", "longblob"});
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
  if (way != DigestWay::ordered) return std::nullopt;  // no hash of these servers has 64 bits
  return form != nullptr ? canonical(column, *form) : native_image(column);
}

}  // namespace rowferry::mysql
