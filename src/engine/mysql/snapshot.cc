#include "engine/mysql/snapshot.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/mysql/catalog.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/digester.h"
#include "engine/mysql/pager.h"
#include "engine/sql/ddl.h"

namespace rowferry::mysql {

namespace {

constexpr int kExtras = 2;    // for the catalog and pagers
constexpr int kTries = 2000;  // of opening again, while the source is written to
constexpr int kLockSeconds = 2;
constexpr int kLockTries = 3;
constexpr const char* kBegin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

// "bin.000001:1067" of the session's open snapshot; empty without a binary log.
std::string binlog_position(Connection& connection) {
  std::string text;
  for (const sql::Row& row : connection.query("SHOW STATUS LIKE 'binlog_snapshot%'")) {
    const std::string name = row[0].value_or("");
    if (row[1].value_or("").empty()) continue;
    if (name.ends_with("file")) text.insert(0, *row[1] + ":");
    if (name.ends_with("position")) text += *row[1];
  }
  return text;
}

// RESET MASTER lets the log begin anew, and a position come again.
std::string resets(Connection& connection) {
  const sql::Rows rows = connection.query("SHOW GLOBAL STATUS LIKE 'Com_reset'");
  return rows.empty() ? "" : " " + rows[0].at(1).value_or("");
}

// A position that no other snapshot has: nothing is known of what changes meanwhile.
std::string unknown_position() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return "unknown " +
         std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

// Whether the server applies another one's writes without logging them; unknown to a user who may
// not look counts as no.
bool applies_unlogged(Connection& connection) {
  if (connection.value("SELECT @@log_slave_updates") != "0") return false;
  const bool mariadb = connection.product() == Product::mariadb;
  if (mariadb && !connection.value("SELECT @@gtid_slave_pos").empty()) return true;
  try {
    return !connection.query(mariadb ? "SHOW ALL SLAVES STATUS" : "SHOW REPLICA STATUS").empty();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::auth) throw;
    return false;
  }
}

// Why not every write to `database` is in the server's binary log; "" when it is. What a session
// with sql_log_bin=0 writes cannot be known.
std::string passes_binlog_by(Connection& connection, const std::string& database) {
  if (connection.value("SELECT @@log_bin") != "1") return "the server keeps no binary log";
  if (applies_unlogged(connection)) return "the server is a replica without log_slave_updates";
  try {
    for (const sql::Row& row : connection.query("SHOW MASTER STATUS")) {
      if (!row.at(2).value_or("").empty() || !row.at(3).value_or("").empty()) {
        return "the binary log leaves databases out, maybe " + database;
      }
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::auth) throw;
    return "this user may not see what the binary log leaves out (BINLOG MONITOR)";
  }
  return "";
}

// Where MySQL's binary log stands, while no writes of interest can happen.
std::string master_position(Connection& connection) {
  const bool renamed = connection.version() >= 80200;
  try {
    const sql::Rows rows =
        connection.query(renamed ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS");
    const bool all = !rows.empty() && rows[0].at(2).value_or("").empty() &&
                     rows[0].at(3).value_or("").empty() && !applies_unlogged(connection);
    if (!all) return unknown_position();
    return connection.value("SELECT @@server_uuid") + " " + rows[0].at(0).value_or("") + ":" +
           rows[0].at(1).value_or("");
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::auth) throw;
    return unknown_position();
  }
}

}  // namespace

MysqlSnapshot::MysqlSnapshot(const Url& url, const EndOptions& options)
    : url_(url), options_(options), readers_(options.readers) {
  Connection first(url, options);
  std::string why;
  switch (first.product()) {
    case Product::mariadb:
      why = open_by_binlog(first);
      break;
    case Product::mysql:
      why = open_under_lock(first);
      break;
    case Product::tidb:
      open_by_timestamp();
      break;
  }
  if (!why.empty()) open_loosely(why);
}

MysqlSnapshot::Connections MysqlSnapshot::connect() const {
  Connections made;
  const int sessions = options_.readers + options_.spares + kExtras;
  for (int i = 0; i < sessions; ++i) made.push_back(std::make_unique<Connection>(url_, options_));
  return made;
}

void MysqlSnapshot::keep(Connections opened) {
  for (std::size_t i = 0; i < opened.size(); ++i) {
    (i < static_cast<std::size_t>(kExtras) ? *extras_ : *readers_pool_).add(std::move(opened[i]));
  }
}

// One session, in which the catalog and the pager work before the reader does; or several.
void MysqlSnapshot::open_loosely(const std::string& why) {
  position_ = unknown_position();
  if (options_.allow_inconsistent) {
    exact_ = false;
    limits_ = why + ": the readers may see different states of the source, as was allowed";
    Connections opened = connect();
    for (const auto& connection : opened) connection->run(kBegin);
    return keep(std::move(opened));
  }
  readers_ = 1;
  limits_ = why + ": one session reads everything, so that it is of one point in time" +
            " (--allow-inconsistent reads with several)";
  auto connection = std::make_unique<Connection>(url_, options_);
  connection->run(kBegin);
  readers_pool_ = std::make_shared<Pool>(true);
  extras_ = readers_pool_;
  readers_pool_->add(std::move(connection));
}

std::string MysqlSnapshot::open_by_binlog(Connection& first) {
  std::string why = passes_binlog_by(first, first.address().database);
  if (!why.empty()) return why;
  Connections opened = connect();
  std::vector<std::string> positions(opened.size());
  const auto open = [&](std::size_t at) {
    opened[at]->run(kBegin);
    positions[at] = binlog_position(*opened[at]);
  };
  for (std::size_t i = 0; i < opened.size(); ++i) open(i);
  // Whoever stands elsewhere than the one opened last moves up to it or beyond.
  std::size_t newest = opened.size() - 1;
  for (int tries = 0;; ++tries) {
    const auto behind = std::find_if(positions.begin(), positions.end(), [&](const auto& position) {
      return position != positions[newest];
    });
    if (behind == positions.end()) break;
    if (tries == kTries) return "the source is written to too fast for several sessions to meet";
    newest = static_cast<std::size_t>(behind - positions.begin());
    open(newest);
  }
  position_ = name_of_server(first) + " " + positions.back() + resets(first);
  keep(std::move(opened));
  return "";
}

std::vector<std::string> MysqlSnapshot::wanted_tables(Connection& first) const {
  const std::string& database = first.address().database;
  std::vector<std::string> locks;
  for (const sql::Row& row :
       first.query("SELECT table_name FROM information_schema.tables WHERE table_type = "
                   "'BASE TABLE' AND table_schema = " +
                   literal(database))) {
    const TableName name{database, row[0].value_or("")};
    if (!options_.wanted || options_.wanted(name)) locks.push_back(qualified(name) + " READ");
  }
  return locks;
}

// The lock ends with the session that holds it. Readers are never held up by it, writers for as
// long as opening the sessions takes: milliseconds.
std::string MysqlSnapshot::open_under_lock(Connection& first) {
  const std::vector<std::string> locks = wanted_tables(first);
  Connections opened = connect();
  Connection holder(url_, options_);
  holder.run("SET lock_wait_timeout = " + std::to_string(kLockSeconds));
  for (int tries = 0; !locks.empty(); ++tries) {
    try {
      holder.run("LOCK TABLES " + sql::joined(locks, ", "));
      break;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::auth) return "this user may not lock tables (LOCK TABLES)";
      if (error.code() != "lock.timeout") throw;
      if (tries == kLockTries)
        return "a transaction that stays open keeps tables from being locked";
    }
  }
  for (const auto& connection : opened) connection->run(kBegin);
  position_ = master_position(holder) + resets(holder);
  holder.run("UNLOCK TABLES");
  keep(std::move(opened));
  return "";
}

// TiDB forgets old versions after tidb_gc_life_time, but none that a transaction which is open may
// need; reading at a timestamp is no such transaction.
void MysqlSnapshot::open_by_timestamp() {
  Connections opened = connect();
  holder_ = std::make_unique<Connection>(url_, options_);
  holder_->run("START TRANSACTION WITH CONSISTENT SNAPSHOT");
  const std::string timestamp = holder_->value("SELECT @@tidb_current_ts");
  for (const auto& connection : opened)
    connection->run("SET @@tidb_snapshot = '" + timestamp + "'");
  position_ = "tidb " + timestamp;
  keep(std::move(opened));
}

std::unique_ptr<Catalog> MysqlSnapshot::catalog() {
  return std::make_unique<MysqlCatalog>(Lease(extras_));
}

std::unique_ptr<Pager> MysqlSnapshot::pager() {
  return std::make_unique<MysqlPager>(Lease(extras_));
}

std::unique_ptr<Reader> MysqlSnapshot::reader() {
  return std::make_unique<MysqlReader>(Lease(readers_pool_));
}

std::unique_ptr<Digester> MysqlSnapshot::digester() {
  return std::make_unique<MysqlDigester>(Lease(readers_pool_));
}

}  // namespace rowferry::mysql
