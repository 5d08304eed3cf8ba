#pragma once

#include <string_view>

#include "core/error.h"

struct sqlite3;

namespace rowferry::sqlite {

// The error for a result code of SQLite: the one place that tells codes apart. `doing` says what
// was tried ("open shop.db"); `db` gives the message and may be null.
Error error_of(int code, sqlite3* db, std::string_view doing);

// Throws error_of unless `code` is SQLITE_OK.
void check(int code, sqlite3* db, std::string_view doing);

}  // namespace rowferry::sqlite
