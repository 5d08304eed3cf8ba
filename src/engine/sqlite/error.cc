#include "engine/sqlite/error.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace rowferry::sqlite {

namespace {

struct Class {
  int code;  // primary result code
  ErrorKind kind;
  const char* stable;
  const char* native;
};

constexpr std::array kClasses = {
    Class{SQLITE_BUSY, ErrorKind::transient, "sqlite.busy", "SQLITE_BUSY"},
    Class{SQLITE_LOCKED, ErrorKind::transient, "sqlite.busy", "SQLITE_LOCKED"},
    Class{SQLITE_PROTOCOL, ErrorKind::transient, "sqlite.busy", "SQLITE_PROTOCOL"},
    Class{SQLITE_CONSTRAINT, ErrorKind::data, "row.constraint", "SQLITE_CONSTRAINT"},
    Class{SQLITE_MISMATCH, ErrorKind::data, "row.constraint", "SQLITE_MISMATCH"},
    Class{SQLITE_TOOBIG, ErrorKind::data, "value.too_big", "SQLITE_TOOBIG"},
    Class{SQLITE_FULL, ErrorKind::conflict, "target.full", "SQLITE_FULL"},
    Class{SQLITE_CORRUPT, ErrorKind::data, "sqlite.corrupt", "SQLITE_CORRUPT"},
    Class{SQLITE_NOTADB, ErrorKind::data, "sqlite.not_a_database", "SQLITE_NOTADB"},
    Class{SQLITE_CANTOPEN, ErrorKind::not_found, "sqlite.open", "SQLITE_CANTOPEN"},
    Class{SQLITE_PERM, ErrorKind::auth, "sqlite.permission", "SQLITE_PERM"},
    Class{SQLITE_AUTH, ErrorKind::auth, "sqlite.permission", "SQLITE_AUTH"},
    Class{SQLITE_READONLY, ErrorKind::auth, "sqlite.read_only", "SQLITE_READONLY"},
    Class{SQLITE_INTERRUPT, ErrorKind::interrupted, "sqlite.interrupted", "SQLITE_INTERRUPT"},
    Class{SQLITE_NOMEM, ErrorKind::internal, "sqlite.memory", "SQLITE_NOMEM"},
    Class{SQLITE_SCHEMA, ErrorKind::schema, "sqlite.schema_changed", "SQLITE_SCHEMA"},
    Class{SQLITE_ERROR, ErrorKind::schema, "sqlite.statement", "SQLITE_ERROR"},
};

// SQLITE_IOERR and whatever a later SQLite brings.
constexpr Class kOther = {0, ErrorKind::internal, "sqlite.io", "SQLITE_IOERR"};

constexpr std::array kExtended = {
    std::pair{SQLITE_BUSY_SNAPSHOT, "SQLITE_BUSY_SNAPSHOT"},
    std::pair{SQLITE_BUSY_RECOVERY, "SQLITE_BUSY_RECOVERY"},
    std::pair{SQLITE_CONSTRAINT_CHECK, "SQLITE_CONSTRAINT_CHECK"},
    std::pair{SQLITE_CONSTRAINT_NOTNULL, "SQLITE_CONSTRAINT_NOTNULL"},
    std::pair{SQLITE_CONSTRAINT_PRIMARYKEY, "SQLITE_CONSTRAINT_PRIMARYKEY"},
    std::pair{SQLITE_CONSTRAINT_UNIQUE, "SQLITE_CONSTRAINT_UNIQUE"},
    std::pair{SQLITE_CONSTRAINT_ROWID, "SQLITE_CONSTRAINT_ROWID"},
    std::pair{SQLITE_CONSTRAINT_FOREIGNKEY, "SQLITE_CONSTRAINT_FOREIGNKEY"},
    std::pair{SQLITE_CONSTRAINT_DATATYPE, "SQLITE_CONSTRAINT_DATATYPE"},
    std::pair{SQLITE_IOERR_READ, "SQLITE_IOERR_READ"},
    std::pair{SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE"},
    std::pair{SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"},
    std::pair{SQLITE_READONLY_DIRECTORY, "SQLITE_READONLY_DIRECTORY"},
    std::pair{SQLITE_READONLY_DBMOVED, "SQLITE_READONLY_DBMOVED"},
};

const Class& class_of(int code) {
  const auto* found = std::find_if(kClasses.begin(), kClasses.end(),
                                   [&](const Class& one) { return one.code == (code & 0xff); });
  return found == kClasses.end() ? kOther : *found;
}

// The extended name where it is known, else the primary name and the number.
std::string native_name(int code, const Class& of) {
  for (const auto& [extended, name] : kExtended) {
    if (extended == code) return name;
  }
  if (code == of.code) return of.native;
  return std::string(of.code == 0 ? "SQLITE" : of.native) + " (" + std::to_string(code) + ")";
}

const char* hint_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "free space and run the same command again";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program holds the database file locked";
    case SQLITE_CORRUPT:
      return "run PRAGMA integrity_check on the file";
    default:
      return "";
  }
}

}  // namespace

Error error_of(int code, sqlite3* db, std::string_view doing) {
  const Class& of = class_of(code);
  std::string message = "cannot " + std::string(doing) + ": ";
  message += db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  return Error(of.kind, of.stable, message).native(native_name(code, of)).hint(hint_of(code));
}

void check(int code, sqlite3* db, std::string_view doing) {
  if (code != SQLITE_OK) throw error_of(code, db, doing);
}

}  // namespace rowferry::sqlite
