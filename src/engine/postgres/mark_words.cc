#include "engine/postgres/dialect.h"
#include "engine/sql/ddl.h"

namespace rowferry::postgres {

// Times without a zone are taken for those of UTC.
std::optional<std::string> PostgresDialect::clock(const Column& column) const {
  switch (column.type.kind) {
    case Kind::timestamptz:
      return "pg_catalog.now()";
    case Kind::timestamp:
      return "(pg_catalog.now() AT TIME ZONE 'UTC')";
    case Kind::date:
      return "(pg_catalog.now() AT TIME ZONE 'UTC')::pg_catalog.date";
    default:
      return std::nullopt;
  }
}

std::string PostgresDialect::rows_of(const Table& table) const {
  return "ONLY " + sql::table_name(*this, table.name);
}

std::string PostgresDialect::bound_text(const Column& column) const {
  return postgres::quote(column.name) + "::pg_catalog.text";
}

std::string PostgresDialect::bound_value(const Column& column, const std::string& text) const {
  return postgres::literal(text) + "::" + column.native;
}

std::string PostgresDialect::moment(const Column& column) const {
  return postgres::quote(column.name);
}

}  // namespace rowferry::postgres
