#include "engine/mysql/gauge.h"

#include <algorithm>
#include <cstdlib>

#include "engine/mysql/connection.h"
#include "engine/mysql/own_grants.h"
#include "engine/sql/own_sessions.h"

namespace rowferry::mysql {

namespace {

constexpr int kSaysReplica = 80022;  // the first version of MySQL that calls it so

class MysqlGauge : public Gauge {
 public:
  MysqlGauge(const Url& url, const EndOptions& options) : connection_(url, options) {
    sees_others_ = own_grants(connection_).allow("PROCESS");
  }

  std::optional<double> lag() override {
    switch (connection_.product()) {
      case Product::mariadb:
        return slowest("SHOW ALL SLAVES STATUS", "Seconds_Behind_Master");
      case Product::mysql:
        if (connection_.version() < kSaysReplica) {
          return slowest("SHOW SLAVE STATUS", "Seconds_Behind_Master");
        }
        return slowest("SHOW REPLICA STATUS", "Seconds_Behind_Source");
      case Product::tidb:
        break;
    }
    return std::nullopt;
  }

  // One look at each session, so that what ours do meanwhile is not taken for what others do.
  std::int64_t load() override {
    if (!sees_others_) {
      throw Error(ErrorKind::auth, "mysql.privilege",
                  "the user may not see what other users' sessions do")
          .hint("GRANT PROCESS ON *.* TO that user");
    }
    return sql::count_others(connection_.server(), [this] {
      std::vector<std::string> ids;
      for (const sql::Row& row : connection_.query(
               "SELECT id FROM information_schema.processlist WHERE user <> 'system user'"
               " AND command NOT IN ('Sleep', 'Connect', 'Quit', 'Daemon', 'Binlog Dump',"
               " 'Binlog Dump GTID')")) {
        ids.push_back(row.at(0).value_or(""));
      }
      return ids;
    });
  }

 private:
  // The largest number in a column; none where it is NULL in all rows, as that of a replica which
  // does not run.
  std::optional<double> slowest(const std::string& sql, const std::string& column) {
    MYSQL* const mysql = connection_.raw();
    if (mysql_real_query(mysql, sql.data(), sql.size()) != 0) throw connection_.failure();
    const std::unique_ptr<MYSQL_RES, decltype(&mysql_free_result)> found(mysql_store_result(mysql),
                                                                         mysql_free_result);
    if (!found) throw connection_.failure();
    const unsigned columns = mysql_num_fields(found.get());
    std::optional<double> most;
    while (MYSQL_ROW row = mysql_fetch_row(found.get())) {
      for (unsigned i = 0; i < columns; ++i) {
        if (row[i] == nullptr || column != mysql_fetch_field_direct(found.get(), i)->name) continue;
        most = std::max(most.value_or(0), std::strtod(row[i], nullptr));
      }
    }
    return most;
  }

  Connection connection_;
  bool sees_others_ = false;
};

}  // namespace

std::unique_ptr<Gauge> open_gauge(const Url& url, const EndOptions& options) {
  return std::make_unique<MysqlGauge>(url, options);
}

}  // namespace rowferry::mysql
