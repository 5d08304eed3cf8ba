#include "engine/mysql/inspect.h"

#include <algorithm>
#include <cstdlib>

#include "engine/mysql/cells.h"
#include "engine/mysql/connection.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/own_grants.h"
#include "engine/sql/ddl.h"
#include "engine/sql/facts_found.h"

namespace rowferry::mysql {

namespace {

constexpr std::int64_t kPacket = 16 << 20;  // bytes that a server should take at a time

// One end and what is found there; each method asks one kind of question.
class Inspector {
 public:
  Inspector(const Url& url, const EndOptions& options, const Inspection& about)
      : about_(about),
        connection_(url, options),
        database_(connection_.address().database),
        user_(quoted_user()) {}

  std::vector<Finding> findings() {
    grants_ = own_grants(connection_);
    look_at_tls();
    look_at_clock();
    look_at_settings();
    if (about_.target) {
      look_at_loading();
      look_at_space();
      look_at_written_tables();
    } else {
      look_at_binlog();
      look_at_read_tables();
    }
    return std::move(found_);
  }

 private:
  // 'ann'@'%', as GRANT wants it.
  std::string quoted_user() {
    const std::string user = connection_.value("SELECT CURRENT_USER()");
    const std::size_t at = user.rfind('@');
    return literal(user.substr(0, at)) + "@" + literal(user.substr(at + 1));
  }

  void look_at_tls() {
    const Address& address = connection_.address();
    sql::Protection now;
    now.local = !address.socket.empty() || sql::is_local(address.host);
    if (mysql_get_ssl_cipher(connection_.raw()) != nullptr) {
      now.cipher = mysql_get_ssl_cipher(connection_.raw());
      const sql::Rows version = connection_.query("SHOW SESSION STATUS LIKE 'Ssl_version'");
      now.protocol = version.empty() ? "on" : text_of(version[0].at(1));
    }
    found_.push_back(sql::protection(now, "add ?ssl-mode=verify_identity to the URL"));
  }

  void look_at_clock() {
    const double before = sql::now_seconds();
    const std::string server = connection_.value("SELECT UNIX_TIMESTAMP(NOW(6))");
    const double ours = (before + sql::now_seconds()) / 2;
    found_.push_back(sql::clock_found(std::atof(server.c_str()) - ours));
  }

  void look_at_settings() {
    const std::string zone = connection_.value("SELECT @@global.time_zone");
    const std::string system = connection_.value("SELECT @@system_time_zone");
    found_.push_back(sql::note(
        "setting.time_zone",
        "time zone: " + (zone == "SYSTEM" ? system : zone) + "; rowferry's sessions use UTC"));
    const std::string mode = connection_.value("SELECT @@global.sql_mode");
    found_.push_back(sql::note("setting.sql_mode", "sql_mode: " + (mode.empty() ? "empty" : mode) +
                                                       "; rowferry's sessions are strict"));
  }

  void look_at_loading() {
    if (connection_.value("SELECT @@global.local_infile") != "1") {
      found_.push_back({.severity = Severity::warning,
                        .code = "setting.local_infile",
                        .message = "local_infile is off: rows are sent by INSERT, which is slower"
                                   " than LOAD DATA LOCAL",
                        .hint = "SET GLOBAL local_infile = 1"});
    }
    const std::int64_t packet =
        std::atoll(connection_.value("SELECT @@max_allowed_packet").c_str());
    if (packet < kPacket) {
      found_.push_back({.severity = Severity::warning,
                        .code = "setting.max_allowed_packet",
                        .message = "max_allowed_packet is " + std::to_string(packet) +
                                   ": a row that is longer cannot be told apart from its"
                                   " neighbours, or does not land",
                        .hint = "SET GLOBAL max_allowed_packet = " + std::to_string(4 * kPacket)});
    }
    look_at_read_only();
  }

  // What holds for everybody goes before what administrators pass.
  void look_at_read_only() {
    const sql::Rows strict = connection_.query(
        "SHOW GLOBAL VARIABLES WHERE Value = 'ON' AND Variable_name IN ('super_read_only',"
        " 'tidb_super_read_only', 'tidb_restricted_read_only')");
    if (!strict.empty() && !grants_.allow("RESTRICTED_REPLICA_WRITER_ADMIN")) {
      found_.push_back(sql::read_only(text_of(strict[0].at(0)) + " is on"));
      return;
    }
    const bool passes = grants_.allow("SUPER") || grants_.allow("READ_ONLY ADMIN") ||
                        grants_.allow("CONNECTION_ADMIN");
    if (connection_.value("SELECT @@global.read_only") != "0" && !passes) {
      found_.push_back(sql::read_only("read_only is on"));
    }
  }

  // MariaDB tells it where its plugin "disks" is loaded, to whoever may read files.
  void look_at_space() {
    if (connection_.product() != Product::mariadb || !grants_.allow("FILE")) return;
    const std::string there = connection_.value(
        "SELECT COUNT(*) FROM information_schema.plugins WHERE plugin_name = 'DISKS' AND"
        " plugin_status = 'ACTIVE'");
    if (there != "1") return;
    const sql::Rows disk = connection_.query(
        "SELECT Available * 1024, Path FROM information_schema.DISKS WHERE"
        " LOCATE(Path, @@datadir) = 1 ORDER BY LENGTH(Path) DESC LIMIT 1");
    if (disk.empty()) return;
    found_.push_back(sql::space_found(number_of(disk[0][0]), about_.bytes, text_of(disk[0][1])));
  }

  void look_at_binlog() {
    if (connection_.product() == Product::tidb) return;
    if (connection_.value("SELECT @@log_bin") != "1") {
      found_.push_back(
          sql::note("setting.binlog", "binary log: none; following changes would need one"));
      return;
    }
    const std::string format = connection_.value("SELECT @@global.binlog_format");
    found_.push_back(
        sql::note("setting.binlog", "binary log: " + format + ", kept " + retention() +
                                        (format == "ROW" ? ""
                                                         : "; following changes would need"
                                                           " binlog_format = ROW")));
  }

  std::string retention() {
    double seconds = 0;
    for (const sql::Row& row : connection_.query(
             "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('binlog_expire_logs_seconds',"
             " 'expire_logs_days')")) {
      const double value = std::atof(text_of(row.at(1)).c_str());
      seconds = std::max(seconds, row[0] == "expire_logs_days" ? value * 86400 : value);
    }
    if (seconds <= 0) return "until it is purged";
    const auto hours = static_cast<std::int64_t>(seconds / 3600);
    return hours >= 48 ? std::to_string(hours / 24) + " days" : std::to_string(hours) + " hours";
  }

  void look_at_read_tables() {
    name_lacking({"SELECT"});
    const bool mariadb = connection_.product() == Product::mariadb;
    if (connection_.product() == Product::mysql && !grants_.allow("LOCK TABLES", database_, "")) {
      want("LOCK TABLES", "GRANT LOCK TABLES ON " + quote(database_) + ".* TO " + user_);
    }
    const bool logs = mariadb && connection_.value("SELECT @@log_bin") == "1";
    if (logs && !grants_.allow("BINLOG MONITOR") && !grants_.allow("SUPER")) {
      want("BINLOG MONITOR", "GRANT BINLOG MONITOR ON *.* TO " + user_);
    }
  }

  void want(const std::string& privilege, const std::string& grant) {
    found_.push_back(
        {.severity = Severity::warning,
         .code = "privilege.wanted",
         .message = "without " + privilege +
                    " one session reads everything, so that it is of one point in time",
         .hint = grant});
  }

  void look_at_written_tables() {
    std::vector<std::string> on_standing = {"SELECT", "INSERT"};
    // The ledger's tables are made in every case, and dropped when the job ends.
    std::vector<std::string> everywhere = {"CREATE", "DROP",   "SELECT",
                                           "INSERT", "UPDATE", "DELETE"};
    if (about_.creates) {
      for (const char* more : {"ALTER", "INDEX"}) everywhere.emplace_back(more);
      if (about_.foreign_keys) everywhere.emplace_back("REFERENCES");
    }
    if (about_.drops) on_standing.emplace_back("DROP");
    if (about_.empties) on_standing.emplace_back("DELETE");
    std::vector<std::string> lacking;
    for (const std::string& one : everywhere) {
      if (!grants_.allow(one, database_, "")) lacking.push_back(one);
    }
    if (!lacking.empty()) {
      const std::string list = sql::joined(lacking, ", ");
      found_.push_back(
          sql::privilege_missing(list + " on " + database_,
                                 "GRANT " + list + " ON " + quote(database_) + ".* TO " + user_));
      return;
    }
    name_lacking(on_standing);
  }

  // Of the tables that are there.
  void name_lacking(const std::vector<std::string>& privileges) {
    for (const TableName& table : about_.tables) {
      std::vector<std::string> lacking;
      for (const std::string& one : privileges) {
        const bool all = grants_.allow(one, database_, "");
        if (!all && !grants_.allow(one, database_, table.table)) lacking.push_back(one);
      }
      if (lacking.empty()) continue;
      const std::string list = sql::joined(lacking, ", ");
      Finding finding =
          sql::privilege_missing(list + " on " + to_string(table),
                                 "GRANT " + list + " ON " + qualified(table) + " TO " + user_);
      finding.where = "table " + to_string(table);
      found_.push_back(std::move(finding));
    }
  }

  const Inspection& about_;
  Connection connection_;
  std::string database_;
  std::string user_;
  Grants grants_;
  std::vector<Finding> found_;
};

}  // namespace

std::vector<Finding> inspect(const Url& url, const EndOptions& options, const Inspection& about) {
  return Inspector(url, options, about).findings();
}

}  // namespace rowferry::mysql
