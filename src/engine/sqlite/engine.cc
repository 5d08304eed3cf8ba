#include "engine/sqlite/engine.h"

#include <sys/stat.h>

#include "engine/sqlite/alter.h"
#include "engine/sqlite/catalog.h"
#include "engine/sqlite/dialect.h"
#include "engine/sqlite/file.h"
#include "engine/sqlite/inspect.h"
#include "engine/sqlite/lock.h"
#include "engine/sqlite/mender.h"
#include "engine/sqlite/place.h"
#include "engine/sqlite/references.h"
#include "engine/sqlite/script.h"
#include "engine/sqlite/snapshot.h"
#include "engine/sqlite/writer.h"

namespace rowferry::sqlite {

namespace {

constexpr int kOldest = 33700;

// SQLite counts 3.40.1 as 3040001.
int version() {
  const int number = sqlite3_libversion_number();
  return number / 1'000'000 * 10'000 + number / 1'000 % 1'000 * 100 + number % 1'000;
}

void check_version() {
  if (version() >= kOldest) return;
  throw Error(ErrorKind::unsupported, "sqlite.version",
              std::string("SQLite ") + sqlite3_libversion() + " is too old: 3.37 is the oldest");
}

ServerFacts probe(const Url& url, const EndOptions& options, bool create) {
  check_version();
  const std::string path = path_of(url);
  check_openable(path, create);
  ServerFacts facts;
  facts.flavour = "sqlite";
  facts.version = version();
  facts.product = std::string("SQLite ") + sqlite3_libversion();
  facts.identity = identity_of(path);
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return facts;
  facts.settings["storage"] = std::to_string(file.st_dev) + ":" + std::to_string(file.st_ino);
  Connection(path, Access::source, options);  // opening looks whether the file is a database
  return facts;
}

std::unique_ptr<Ledger> open_ledger(const Url& url, const EndOptions& options) {
  const std::string path = path_of(url);
  sql::SqlLedger::Hooks hooks;
  hooks.place = find_place;
  hooks.marks = find_marks;
  hooks.lock = [path](const std::string& job) { return std::make_unique<JobLock>(path, job); };
  hooks.empty = [](sql::Session& session, const std::vector<std::string>& tables) {
    refuse_references(session.query(references_to(tables)));
    std::string sql;
    for (const std::string& table : tables) sql += "DELETE FROM " + table + ";";
    return sql;
  };
  hooks.begin = "BEGIN IMMEDIATE";
  return std::make_unique<sql::SqlLedger>(open_session(path, options),
                                          std::make_unique<SqliteDialect>(ServerFacts{}),
                                          std::move(hooks));
}

}  // namespace

Engine engine() {
  Engine engine;
  engine.schemes = {"sqlite"};
  engine.example = "sqlite:shop.db";
  engine.probe = probe;
  engine.dialect = [](const ServerFacts& facts) -> std::unique_ptr<Dialect> {
    return std::make_unique<SqliteDialect>(facts);
  };
  engine.catalog = [](const Url& url, const EndOptions& options) -> std::unique_ptr<Catalog> {
    return std::make_unique<SqliteCatalog>(Connection(path_of(url), Access::create, options));
  };
  engine.snapshot = [](const Url& url, const EndOptions& options) -> std::unique_ptr<Snapshot> {
    return std::make_unique<SqliteSnapshot>(path_of(url), options);
  };
  engine.writer = [](const Url& url, const EndOptions& options,
                     const RunCard& run) -> std::unique_ptr<Writer> {
    return std::make_unique<SqliteWriter>(path_of(url), options, run);
  };
  engine.script = script_words;
  engine.alter = alter_words;
  engine.ledger = open_ledger;
  engine.mender = [](const Url& url, const EndOptions& options) {
    return open_mender(path_of(url), options);
  };
  engine.hold = [](const Url& url, const EndOptions&, const std::vector<std::string>&) {
    return hold(path_of(url));
  };
  engine.inspect = [](const Url& url, const EndOptions&, const Inspection& about) {
    return inspect(path_of(url), about);
  };
  engine.writers = 1;
  return engine;
}

}  // namespace rowferry::sqlite
