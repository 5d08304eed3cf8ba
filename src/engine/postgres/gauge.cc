#include "engine/postgres/gauge.h"

#include <cstdlib>

#include "engine/postgres/session.h"
#include "engine/postgres/sql.h"
#include "engine/sql/own_sessions.h"

namespace rowferry::postgres {

namespace {

Error no_privilege(const std::string& what) {
  return Error(ErrorKind::auth, "postgres.privilege", "the user may not see " + what)
      .hint("GRANT pg_monitor TO that user");
}

class PostgresGauge : public Gauge {
 public:
  PostgresGauge(const Url& url, const EndOptions& options) : session_(url, options) {}

  std::optional<double> lag() override {
    const sql::Row row = session_.query(sql_text::lag).at(0);
    const bool sees = row.at(0) == "t";
    if (!sees && row.at(1) != "0") throw no_privilege("how far replicas are behind");
    if (!row.at(2)) return std::nullopt;
    return std::strtod(row.at(2)->c_str(), nullptr);
  }

  std::int64_t load() override {
    return sql::count_others(session_.connection().server(), [this] {
      std::vector<std::string> ids;
      for (const sql::Row& row : session_.query(sql_text::load)) {
        if (row.at(0) != "t") throw no_privilege("what other users' sessions do");
        if (row.at(1) != "t") {
          throw Error(ErrorKind::unsupported, "throttle.load",
                      "the server does not keep what sessions do: track_activities is off");
        }
        ids.push_back(row.at(2).value_or(""));
      }
      return ids;
    });
  }

 private:
  Session session_;
};

}  // namespace

std::unique_ptr<Gauge> open_gauge(const Url& url, const EndOptions& options) {
  return std::make_unique<PostgresGauge>(url, options);
}

}  // namespace rowferry::postgres
