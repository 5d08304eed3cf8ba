#include "engine/postgres/error.h"

#include <array>
#include <string_view>

namespace rowferry::postgres {

namespace {

struct Class {
  std::string_view prefix;  // of a SQLSTATE; five characters name one exactly
  ErrorKind kind;
  std::string_view code;
  std::string_view hint;
};

constexpr std::array<Class, 36> kClasses = {{
    {"53100", ErrorKind::conflict, "target.full",
     "free space on the server and run the same command again: it goes on where it stopped"},
    {"53300", ErrorKind::transient, "postgres.connections",
     "raise max_connections or lower --jobs"},
    {"53400", ErrorKind::conflict, "postgres.limit", ""},
    {"55P03", ErrorKind::conflict, "lock.timeout",
     "somebody holds a lock on it; run the same command again, or raise --lock-timeout"},
    {"57014", ErrorKind::interrupted, "postgres.canceled", ""},
    {"57P01", ErrorKind::transient, "postgres.shutdown", ""},
    {"57P02", ErrorKind::transient, "postgres.shutdown", ""},
    {"57P03", ErrorKind::transient, "postgres.starting", ""},
    {"57P04", ErrorKind::not_found, "postgres.database", ""},
    {"57P05", ErrorKind::transient, "postgres.idle", ""},
    {"25006", ErrorKind::auth, "postgres.read_only",
     "the server or session is read-only: name a primary as the target"},
    {"25P03", ErrorKind::transient, "postgres.idle", ""},
    {"28P01", ErrorKind::auth, "postgres.password",
     "check user and password; .pgpass, PGPASSWORD and --ask-password are honoured"},
    {"28000", ErrorKind::auth, "postgres.refused",
     "the server's pg_hba.conf does not let this user in from here"},
    {"3D000", ErrorKind::not_found, "postgres.database",
     "create the database first, or check its name"},
    {"3F000", ErrorKind::not_found, "postgres.schema", ""},
    {"42501", ErrorKind::auth, "postgres.privilege", "grant the privilege, or use another user"},
    {"42P01", ErrorKind::schema, "table.missing",
     "the table is not there any more; run the same command again to plan afresh"},
    {"42703", ErrorKind::schema, "column.missing",
     "the table has changed since it was planned; run the same command again"},
    {"42704", ErrorKind::schema, "postgres.statement",
     "create it at the target first, or make the table there without it and use --data-only"},
    {"42883", ErrorKind::schema, "postgres.statement",
     "create it at the target first, or make the table there without it and use --data-only"},
    {"0A000", ErrorKind::schema, "postgres.unsupported",
     "where a table outside the selection refers to it: take that one in too, or drop its key"},
    {"22", ErrorKind::data, "row.value", ""},
    {"P0", ErrorKind::data, "row.constraint", ""},  // what functions and triggers of users raise
    {"38", ErrorKind::data, "row.constraint", ""},
    {"39", ErrorKind::data, "row.constraint", ""},
    {"44", ErrorKind::data, "row.constraint", ""},
    {"23", ErrorKind::data, "row.constraint", ""},
    {"08", ErrorKind::transient, "connection.lost", ""},
    {"40", ErrorKind::transient, "postgres.serialization", ""},
    {"42", ErrorKind::schema, "postgres.statement", ""},
    {"53", ErrorKind::conflict, "postgres.resources", ""},
    {"54", ErrorKind::schema, "postgres.limit", ""},
    {"55", ErrorKind::conflict, "postgres.state", ""},
    {"58", ErrorKind::conflict, "postgres.system", ""},
    {"2B", ErrorKind::conflict, "postgres.dependent",
     "something outside the selection depends on it: drop that first, or use --existing append"},
}};

}  // namespace

Error classified(const std::string& sqlstate, const std::string& message) {
  if (sqlstate.empty()) {
    return Error(ErrorKind::transient, "connection.lost",
                 message.empty() ? "the connection was lost" : message)
        .hint("see the server's log; the same command goes on where this run ended");
  }
  for (const Class& known : kClasses) {
    if (!sqlstate.starts_with(known.prefix)) continue;
    return Error(known.kind, std::string(known.code), message)
        .native(sqlstate)
        .hint(std::string(known.hint));
  }
  return Error(ErrorKind::internal, "postgres.error", message).native(sqlstate);
}

}  // namespace rowferry::postgres
