#pragma once

#include <string>
#include <string_view>

struct sqlite3_stmt;

// Values as SQL literals that SQLite reads back exactly, of the same storage class.
namespace rowferry::sqlite {

std::string blob_literal(std::string_view bytes);
// Text given in the encoding of the database. Whatever its bytes, the result is ASCII.
std::string stored_text_literal(std::string_view bytes);
std::string real_literal(double value);

// The value in `column` of the statement's row; the result is valid UTF-8 without NUL.
std::string column_literal(sqlite3_stmt* statement, int column);

}  // namespace rowferry::sqlite
