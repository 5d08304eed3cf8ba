#include "engine/engines.h"

#include <algorithm>

#ifdef ROWFERRY_WITH_MYSQL
#include "engine/mysql/alter.h"
#include "engine/mysql/engine.h"
#include "engine/mysql/script.h"
#endif
#ifdef ROWFERRY_WITH_POSTGRES
#include "engine/postgres/alter.h"
#include "engine/postgres/engine.h"
#include "engine/postgres/script.h"
#endif
#include "engine/sqlite/alter.h"
#include "engine/sqlite/engine.h"
#include "engine/sqlite/script.h"
#include "engine/sqlite/session.h"

namespace rowferry {

const std::vector<Engine>& built_in_engines() {
  static const std::vector<Engine> kEngines = {
#ifdef ROWFERRY_WITH_POSTGRES
      postgres::engine(),
#endif
#ifdef ROWFERRY_WITH_MYSQL
      mysql::engine(),
#endif
      sqlite::engine(),
  };
  return kEngines;
}

const Engine& find_engine(const std::vector<Engine>& engines, const std::string& scheme) {
  std::string known;
  for (const Engine& engine : engines) {
    if (std::find(engine.schemes.begin(), engine.schemes.end(), scheme) != engine.schemes.end()) {
      return engine;
    }
    known += (known.empty() ? "" : ", ") + engine.example;
  }
  throw Error(ErrorKind::usage, "url.scheme", "no engine is called '" + scheme + "'")
      .hint("known are " + known);
}

std::unique_ptr<sql::ScriptWords> script_words(const ServerFacts& facts) {
#ifdef ROWFERRY_WITH_POSTGRES
  if (facts.flavour == "postgres") return postgres::script_words(facts);
#endif
#ifdef ROWFERRY_WITH_MYSQL
  if (facts.flavour == "mysql") return mysql::script_words(facts);
#endif
  if (facts.flavour == "sqlite") return sqlite::script_words(facts);
  throw Error(ErrorKind::unsupported, "engine.mender", facts.product + ": no scripts for it");
}

std::unique_ptr<sql::AlterWords> alter_words(const ServerFacts& facts) {
#ifdef ROWFERRY_WITH_POSTGRES
  if (facts.flavour == "postgres") return postgres::alter_words(facts);
#endif
#ifdef ROWFERRY_WITH_MYSQL
  if (facts.flavour == "mysql") return mysql::alter_words(facts);
#endif
  if (facts.flavour == "sqlite") return sqlite::alter_words(facts);
  throw Error(ErrorKind::unsupported, "engine.mender",
              facts.product + ": its columns cannot be altered");
}

std::unique_ptr<sql::Session> open_local_session(const std::filesystem::path& path) {
  return sqlite::open_session(path.string(), {});
}

}  // namespace rowferry
