#include "engine/sqlite/literal.h"

#include <sqlite3.h>

#include <cmath>

#include "core/utf8.h"
#include "core/value.h"
#include "engine/sqlite/dialect.h"

namespace rowferry::sqlite {

std::string blob_literal(std::string_view bytes) {
  std::string text = "X'";
  append_text(text, Kind::bytes, bytes);
  return text + "'";
}

// The + takes the cast's affinity away: a literal must not change what it is compared with.
std::string stored_text_literal(std::string_view bytes) {
  return "+CAST(" + blob_literal(bytes) + " AS TEXT)";
}

std::string real_literal(double value) {
  if (std::isinf(value)) return value > 0 ? "9e999" : "-9e999";
  std::string text;
  append_double(text, value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

namespace {

std::string_view bytes_of(sqlite3_stmt* statement, int column) {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

std::string text_literal(sqlite3_stmt* statement, int column) {
  const auto* utf8 = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  if (utf8 == nullptr) return "''";
  const std::string_view text(utf8,
                              static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
  if (fault_of(text) == TextFault::none) return literal(text);
  return stored_text_literal(text);
}

}  // namespace

std::string column_literal(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return std::to_string(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT:
      return real_literal(sqlite3_column_double(statement, column));
    case SQLITE_TEXT:
      return text_literal(statement, column);
    case SQLITE_BLOB:
      return blob_literal(bytes_of(statement, column));
    default:
      return "NULL";
  }
}

}  // namespace rowferry::sqlite
