#include "engine/postgres/engine.h"

#include "engine/postgres/alter.h"
#include "engine/postgres/catalog.h"
#include "engine/postgres/dialect.h"
#include "engine/postgres/gauge.h"
#include "engine/postgres/inspect.h"
#include "engine/postgres/mender.h"
#include "engine/postgres/place.h"
#include "engine/postgres/script.h"
#include "engine/postgres/session.h"
#include "engine/postgres/snapshot.h"
#include "engine/postgres/writer.h"
#include "engine/sql/ddl.h"

namespace rowferry::postgres {

namespace {

constexpr int kOldest = 120000;
constexpr int kNewest = 190000;  // the first version that nobody has tried

constexpr const char* kFacts =
    "SELECT pg_catalog.current_database(), pg_catalog.current_setting('server_version'),"
    " CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')"
    "  THEN (SELECT system_identifier::text FROM pg_catalog.pg_control_system()) END,"
    " pg_catalog.current_setting('server_encoding')";

void check_version(int version, const std::string& text) {
  if (version >= kOldest && version < kNewest) return;
  throw Error(ErrorKind::unsupported, "postgres.version",
              "PostgreSQL " + text + " is outside the versions that are known to work: 12 to 18");
}

std::string reached_by(PGconn* connection) {
  return std::string(PQhost(connection)) + ":" + PQport(connection);
}

ServerFacts probe(const Url& url, const EndOptions& options, bool) {
  Session session(url, options);
  Connection& connection = session.connection();
  const sql::Rows rows = session.query(kFacts);
  const std::string version = rows[0][1].value_or("");
  check_version(connection.version(), version);
  ServerFacts facts;
  facts.flavour = "postgres";
  facts.version = connection.version();
  facts.product = "PostgreSQL " + version.substr(0, version.find(' '));
  facts.identity = "postgres:" + rows[0][2].value_or(reached_by(connection.raw())) + "/" +
                   rows[0][0].value_or("");
  facts.default_schema = "public";
  facts.settings["server_encoding"] = rows[0][3].value_or("");
  return facts;
}

// All in one statement. ONLY keeps children by inheritance, which nobody named; a partitioned table
// is its partitions, and knows no ONLY.
std::string truncate(sql::Session& session, const std::vector<std::string>& tables) {
  std::vector<std::string> named;
  for (const std::string& table : tables) {
    const sql::Rows kind =
        session.query("SELECT relkind FROM pg_catalog.pg_class WHERE oid = $1::regclass",
                      std::vector<std::string>{table});
    const bool partitioned = !kind.empty() && kind[0][0] == "p";
    named.push_back((partitioned ? "" : "ONLY ") + table);
  }
  return "TRUNCATE " + sql::joined(named, ", ");
}

std::unique_ptr<Ledger> open_ledger(const Url& url, const EndOptions& options) {
  sql::SqlLedger::Hooks hooks;
  hooks.place = find_place;
  hooks.marks = find_marks;
  hooks.lock = [url, options](const std::string& job) { return lock_job(url, options, job); };
  hooks.empty = truncate;
  return std::make_unique<sql::SqlLedger>(std::make_unique<Session>(url, options),
                                          std::make_unique<PostgresDialect>(ServerFacts{}),
                                          std::move(hooks));
}

}  // namespace

Engine engine() {
  Engine engine;
  engine.schemes = {"postgres", "postgresql"};
  engine.example = "postgres://user@host:5432/database";
  engine.probe = probe;
  engine.dialect = [](const ServerFacts& facts) -> std::unique_ptr<Dialect> {
    return std::make_unique<PostgresDialect>(facts);
  };
  engine.catalog = [](const Url& url, const EndOptions& options) {
    return open_catalog(url, options, "");
  };
  engine.snapshot = open_snapshot;
  engine.writer = open_writer;
  engine.script = script_words;
  engine.alter = alter_words;
  engine.ledger = open_ledger;
  engine.mender = open_mender;
  engine.hold = hold;
  engine.inspect = inspect;
  engine.gauge = open_gauge;
  return engine;
}

}  // namespace rowferry::postgres
