#include "engine/sqlite/dialect.h"

namespace rowferry::sqlite {

namespace {

constexpr const char* kForm = "strftime('%Y-%m-%d %H:%M:%f', ";

}  // namespace

std::optional<std::string> SqliteDialect::clock(const Column& column) const {
  switch (column.type.kind) {
    case Kind::timestamptz:
    case Kind::timestamp:
    case Kind::date:
      return std::string(kForm) + "'now')";
    default:
      return std::nullopt;
  }
}

std::string SqliteDialect::rows_of(const Table& table) const {
  return "main." + sqlite::quote(table.name.table);
}

std::string SqliteDialect::bound_text(const Column& column) const {
  return "quote(" + sqlite::quote(column.name) + ")";
}

std::string SqliteDialect::bound_value(const Column&, const std::string& text) const {
  return text;
}

// Values have the form and the type that whoever wrote them chose: text with a blank or a T in it,
// with a zone or without, days of Julius or seconds of Unix.
std::string SqliteDialect::moment(const Column& column) const {
  return kForm + sqlite::quote(column.name) + ", 'auto')";
}

}  // namespace rowferry::sqlite
