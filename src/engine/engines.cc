#include "engine/engines.h"

#include <algorithm>

#ifdef ROWFERRY_WITH_MYSQL
#include "engine/mysql/engine.h"
#endif
#ifdef ROWFERRY_WITH_POSTGRES
#include "engine/postgres/engine.h"
#endif
#include "engine/sqlite/engine.h"
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

std::unique_ptr<sql::Session> open_local_session(const std::filesystem::path& path) {
  return sqlite::open_session(path.string(), {});
}

}  // namespace rowferry
