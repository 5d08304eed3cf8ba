#include "engine/mysql/error.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace rowferry::mysql {

namespace {

struct Class {
  unsigned number;
  ErrorKind kind;
  std::string_view code;
  std::string_view hint;
};

constexpr std::string_view kPrivilege = "grant the privilege, or use another user";
constexpr std::string_view kGoesOn = "the same command goes on where this run ended";
constexpr std::string_view kPlanAfresh =
    "the table has changed since it was planned; run the same command again";
constexpr std::string_view kSmaller =
    "a smaller --page-size makes smaller transactions; a table without a key is one";
constexpr std::string_view kFull =
    "free space on the server and run the same command again: it goes on where it stopped";
constexpr std::string_view kReadOnly =
    "the server is read-only: name the one that takes writes as the target";
constexpr std::string_view kPassword =
    "check user and password; ~/.my.cnf, MYSQL_PWD and --ask-password are honoured";

constexpr std::array kClasses = {
    Class{1045, ErrorKind::auth, "mysql.password", kPassword},
    Class{1698, ErrorKind::auth, "mysql.password", kPassword},
    Class{1044, ErrorKind::auth, "mysql.privilege", kPrivilege},
    Class{1142, ErrorKind::auth, "mysql.privilege", kPrivilege},
    Class{1143, ErrorKind::auth, "mysql.privilege", kPrivilege},
    Class{1227, ErrorKind::auth, "mysql.privilege", kPrivilege},
    Class{1370, ErrorKind::auth, "mysql.privilege", kPrivilege},
    Class{1130, ErrorKind::auth, "mysql.refused", "the server does not let this host in"},
    Class{1290, ErrorKind::auth, "mysql.read_only", kReadOnly},
    Class{1836, ErrorKind::auth, "mysql.read_only", kReadOnly},
    Class{1049, ErrorKind::not_found, "mysql.database",
          "create the database first, or check its name"},
    Class{1040, ErrorKind::transient, "mysql.connections", "raise max_connections or lower --jobs"},
    Class{1203, ErrorKind::transient, "mysql.connections",
          "raise max_user_connections or lower --jobs"},
    Class{1226, ErrorKind::transient, "mysql.connections",
          "raise what the account may use, or lower --jobs"},
    Class{1205, ErrorKind::conflict, "lock.timeout",
          "somebody holds a lock on it; run the same command again, or raise --lock-timeout"},
    Class{1213, ErrorKind::transient, "mysql.deadlock", ""},
    Class{1053, ErrorKind::transient, "mysql.shutdown", kGoesOn},
    Class{1079, ErrorKind::transient, "mysql.shutdown", kGoesOn},
    Class{1317, ErrorKind::transient, "mysql.killed", kGoesOn},
    Class{1927, ErrorKind::transient, "mysql.killed", kGoesOn},
    Class{1969, ErrorKind::transient, "mysql.timeout", kGoesOn},
    Class{3024, ErrorKind::transient, "mysql.timeout", kGoesOn},
    Class{1021, ErrorKind::conflict, "target.full", kFull},
    Class{1114, ErrorKind::conflict, "target.full", kFull},
    Class{1153, ErrorKind::data, "row.packet", "raise the server's max_allowed_packet"},
    Class{2020, ErrorKind::data, "row.packet", "raise the server's max_allowed_packet"},
    Class{1146, ErrorKind::schema, "table.missing",
          "the table is not there any more; run the same command again to plan afresh"},
    Class{1054, ErrorKind::schema, "column.missing", kPlanAfresh},
    Class{8004, ErrorKind::conflict, "page.too_large", kSmaller},
    Class{8175, ErrorKind::conflict, "page.too_large", kSmaller},
    Class{8025, ErrorKind::data, "row.packet",
          "raise TiDB's performance.txn-entry-size-limit (6 MB by default)"},
    Class{9006, ErrorKind::transient, "snapshot.lost",
          "raise tidb_gc_life_time above the time that the copy takes"},
    Class{1412, ErrorKind::schema, "table.rewritten",
          "run the same command again with --restart: it takes a new snapshot"},
    Class{1048, ErrorKind::data, "row.constraint", ""},
    Class{1062, ErrorKind::data, "row.constraint", ""},
    Class{1216, ErrorKind::data, "row.constraint", ""},
    Class{1217, ErrorKind::data, "row.constraint", ""},
    Class{1451, ErrorKind::data, "row.constraint", ""},
    Class{1452, ErrorKind::data, "row.constraint", ""},
    Class{1526, ErrorKind::data, "row.constraint", ""},
    Class{1557, ErrorKind::data, "row.constraint", ""},
    Class{1569, ErrorKind::data, "row.constraint", ""},
    Class{1586, ErrorKind::data, "row.constraint", ""},
    Class{3819, ErrorKind::data, "row.constraint", ""},
    Class{4025, ErrorKind::data, "row.constraint", ""},
    Class{1263, ErrorKind::data, "row.value", ""},
    Class{1264, ErrorKind::data, "row.value", ""},
    Class{1265, ErrorKind::data, "row.value", ""},
    Class{1292, ErrorKind::data, "row.value", ""},
    Class{1300, ErrorKind::data, "row.value", ""},
    Class{1366, ErrorKind::data, "row.value", ""},
    Class{1367, ErrorKind::data, "row.value", ""},
    Class{1406, ErrorKind::data, "row.value", ""},
    Class{1411, ErrorKind::data, "row.value", ""},
    Class{1416, ErrorKind::data, "row.value", ""},
    Class{1441, ErrorKind::data, "row.value", ""},
    Class{1690, ErrorKind::data, "row.value", ""},
    Class{3140, ErrorKind::data, "row.value", ""},
    Class{3144, ErrorKind::data, "row.value", ""},
    Class{3157, ErrorKind::data, "row.value", ""},
    Class{3643, ErrorKind::data, "row.value", ""},
    Class{4078, ErrorKind::data, "row.value", ""},
};

constexpr unsigned kFirstOfClient = 2000;
constexpr unsigned kTlsFailure = 2026;

bool reaches_nobody(unsigned number) {
  return number == 2002 || number == 2003 || number == 2005;
}

bool loses_connection(unsigned number) {
  return number == 2006 || number == 2013 || number == 2055;
}

}  // namespace

Error classified(unsigned number, const std::string& message) {
  const std::string native = std::to_string(number);
  if (reaches_nobody(number)) {
    return Error(ErrorKind::transient, "mysql.unreachable", "cannot reach the server: " + message)
        .native(native)
        .hint("check host and port, and that the server runs and listens there");
  }
  if (loses_connection(number)) {
    return Error(ErrorKind::transient, "connection.lost", message)
        .native(native)
        .hint("see the server's log; " + std::string(kGoesOn));
  }
  if (number == kTlsFailure) {
    return Error(ErrorKind::auth, "mysql.tls", message)
        .native(native)
        .hint("check ssl-mode and ssl-ca in the URL");
  }
  const auto* known = std::find_if(kClasses.begin(), kClasses.end(),
                                   [&](const Class& one) { return one.number == number; });
  if (known != kClasses.end()) {
    return Error(known->kind, std::string(known->code), message)
        .native(native)
        .hint(std::string(known->hint));
  }
  const bool client = number >= kFirstOfClient && number < 3000;
  return Error(client ? ErrorKind::internal : ErrorKind::schema,
               client ? "mysql.client" : "mysql.statement", message)
      .native(native);
}

}  // namespace rowferry::mysql
