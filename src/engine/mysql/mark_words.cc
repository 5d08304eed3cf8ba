#include <algorithm>
#include <cctype>

#include "engine/mysql/dialect.h"
#include "engine/mysql/pager.h"

namespace rowferry::mysql {

namespace {

bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

// Times without a zone are taken for those of UTC, which is the zone of our sessions.
std::optional<std::string> MysqlDialect::clock(const Column& column) const {
  switch (column.type.kind) {
    case Kind::timestamptz:
    case Kind::timestamp:
      return "CURRENT_TIMESTAMP(6)";
    case Kind::date:
      return "CURRENT_DATE()";
    default:
      return std::nullopt;
  }
}

std::string MysqlDialect::rows_of(const Table& table) const {
  return qualified(table.name);
}

std::string MysqlDialect::bound_text(const Column& column) const {
  return as_literal(column);
}

// A bound is a literal; one that comes from another kind of server is a number.
std::string MysqlDialect::bound_value(const Column& column, const std::string& text) const {
  const Kind kind = column.type.kind;
  const bool whole = kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64;
  return whole && !is_number(text) ? mysql::literal(text) : text;
}

std::string MysqlDialect::moment(const Column& column) const {
  return mysql::quote(column.name);
}

}  // namespace rowferry::mysql
