#include "engine/mysql/engine.h"

#include "engine/mysql/alter.h"
#include "engine/mysql/catalog.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/gauge.h"
#include "engine/mysql/inspect.h"
#include "engine/mysql/mender.h"
#include "engine/mysql/place.h"
#include "engine/mysql/references.h"
#include "engine/mysql/script.h"
#include "engine/mysql/snapshot.h"
#include "engine/mysql/weigher.h"
#include "engine/mysql/writer.h"
#include "engine/sql/ddl.h"

namespace rowferry::mysql {

namespace {

struct Versions {
  const char* name;
  const char* setting;
  int oldest;
  int newest;  // the first that nobody has tried
};

Versions versions_of(Product product) {
  switch (product) {
    case Product::mariadb:
      return {"MariaDB", "mariadb", 100500, 120000};
    case Product::tidb:
      return {"TiDB", "tidb", 60500, 90000};
    case Product::mysql:
      break;
  }
  return {"MySQL", "mysql", 80000, 100000};
}

std::string dotted(int version) {
  return std::to_string(version / 10000) + "." + std::to_string(version / 100 % 100) + "." +
         std::to_string(version % 100);
}

ServerFacts probe(const Url& url, const EndOptions& options, bool) {
  Connection connection(url, options);
  const Versions known = versions_of(connection.product());
  const int version = connection.version();
  if (version < known.oldest || version >= known.newest) {
    throw Error(ErrorKind::unsupported, "mysql.version",
                std::string(known.name) + " " + dotted(version) +
                    " is outside the versions that are known to work");
  }
  ServerFacts facts;
  facts.flavour = "mysql";
  facts.version = version;
  facts.product = std::string(known.name) + " " + dotted(version);
  facts.identity = "mysql:" + name_of_server(connection) + "/" + connection.address().database;
  facts.default_schema = connection.address().database;
  facts.settings["server"] = known.setting;
  facts.settings["lower_case_table_names"] = connection.value("SELECT @@lower_case_table_names");
  if (connection.product() == Product::tidb) {
    const std::string on = connection.value("SELECT @@global.tidb_enable_check_constraint");
    facts.settings["checks"] = on == "1" ? "on" : "off";
  }
  return facts;
}

std::unique_ptr<Ledger> open_ledger(const Url& url, const EndOptions& options) {
  sql::SqlLedger::Hooks hooks;
  hooks.place = [](sql::Session& session) { return find_place(static_cast<Session&>(session)); };
  hooks.marks = [](sql::Session& session) { return find_marks(static_cast<Session&>(session)); };
  hooks.lock = [url, options](const std::string& job) { return lock_job(url, options, job); };
  // TRUNCATE would commit by itself what the ledger forgets before it.
  hooks.empty = [](sql::Session& session, const std::vector<std::string>& tables) {
    check_references(static_cast<Session&>(session).connection(), tables);
    std::string sql;
    for (const std::string& table : tables) sql += "DELETE FROM " + table + ";";
    return sql;
  };
  hooks.begin = "START TRANSACTION";
  hooks.alone = [](sql::Session& session, const std::function<void()>& work) {
    alone(static_cast<Session&>(session), work);
  };
  return std::make_unique<sql::SqlLedger>(std::make_unique<Session>(url, options),
                                          std::make_unique<MysqlDialect>(ServerFacts{}),
                                          std::move(hooks));
}

}  // namespace

Engine engine() {
  Engine engine;
  engine.schemes = {"mysql", "mariadb", "tidb"};
  engine.example = "mysql://user@host:3306/database";
  engine.probe = probe;
  engine.dialect = [](const ServerFacts& facts) -> std::unique_ptr<Dialect> {
    return std::make_unique<MysqlDialect>(facts);
  };
  engine.catalog = [](const Url& url, const EndOptions& options) -> std::unique_ptr<Catalog> {
    return std::make_unique<MysqlCatalog>(std::make_unique<Connection>(url, options));
  };
  engine.snapshot = [](const Url& url, const EndOptions& options) -> std::unique_ptr<Snapshot> {
    return std::make_unique<MysqlSnapshot>(url, options);
  };
  engine.writer = [](const Url& url, const EndOptions& options,
                     const RunCard& run) -> std::unique_ptr<Writer> {
    return std::make_unique<MysqlWriter>(url, options, run);
  };
  engine.script = script_words;
  engine.alter = alter_words;
  engine.ledger = open_ledger;
  engine.mender = open_mender;
  engine.hold = hold;
  engine.inspect = inspect;
  engine.gauge = open_gauge;
  engine.weigher = [](const Url& url, const EndOptions& options) -> std::unique_ptr<Weigher> {
    return std::make_unique<MysqlWeigher>(url, options);
  };
  return engine;
}

}  // namespace rowferry::mysql
