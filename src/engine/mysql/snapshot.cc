#include "engine/mysql/snapshot.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/mysql/catalog.h"
#include "engine/mysql/pager.h"

namespace rowferry::mysql {

namespace {

constexpr int kExtras = 2;    // for the catalog and pagers
constexpr int kTries = 2000;  // of opening again, while the source is written to
constexpr const char* kBegin = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

using Connections = std::vector<std::unique_ptr<Connection>>;

Connections connect(const Url& url, const EndOptions& options, int sessions) {
  Connections made;
  for (int i = 0; i < sessions; ++i) made.push_back(std::make_unique<Connection>(url, options));
  return made;
}

// "bin.000001:1067" of the session's open snapshot; empty without a binary log.
std::string binlog_position(Connection& connection) {
  std::string text;
  for (const sql::Row& row : connection.query("SHOW STATUS LIKE 'binlog_snapshot%'")) {
    const std::string name = row[0].value_or("");
    if (row[1].value_or("").empty()) continue;
    if (name.ends_with("file")) text = *row[1] + ":" + text;
    if (name.ends_with("position")) text += *row[1];
  }
  return text;
}

std::string server_of(Connection& connection) {
  const bool mariadb = connection.product() == Product::mariadb;
  return connection.value(mariadb ? "SELECT @@server_uid" : "SELECT @@server_uuid");
}

// A position that no other snapshot has: nothing is known of what changes meanwhile.
std::string unknown_position() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return "unknown " +
         std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace

MysqlSnapshot::MysqlSnapshot(const Url& url, const EndOptions& options)
    : url_(url), options_(options) {
  const int sessions = options.readers + options.spares + kExtras;
  Connection first(url, options);
  if (first.product() == Product::tidb) {
    open_by_timestamp(sessions);
  } else if (first.product() != Product::mariadb) {
    open_one("this server tells nobody where a snapshot stands");
  } else if (first.value("SELECT @@log_bin") == "1") {
    open_by_binlog(sessions);
  } else {
    open_one("the server keeps no binary log");
  }
}

// The catalog and the pager work in the one session before the reader does.
void MysqlSnapshot::open_one(const std::string& why) {
  readers_ = 1;
  if (options_.readers > 1) {
    limits_ = why + ", so that several sessions could not be proven to see one state: one reader";
  }
  position_ = unknown_position();
  auto connection = std::make_unique<Connection>(url_, options_);
  connection->run(kBegin);
  extras_ = readers_pool_;
  readers_pool_->add(std::move(connection));
}

void MysqlSnapshot::open_by_binlog(int sessions) {
  Connections opened = connect(url_, options_, sessions);
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
    if (tries == kTries) return open_one("the source is written to too fast");
    newest = static_cast<std::size_t>(behind - positions.begin());
    open(newest);
  }
  readers_ = options_.readers;
  position_ = server_of(*opened.front()) + " " + positions.back();
  for (std::size_t i = 0; i < opened.size(); ++i) {
    (i < static_cast<std::size_t>(kExtras) ? *extras_ : *readers_pool_).add(std::move(opened[i]));
  }
}

void MysqlSnapshot::open_by_timestamp(int sessions) {
  Connections opened = connect(url_, options_, sessions);
  const sql::Rows status = opened.front()->query("SHOW MASTER STATUS");
  const std::string timestamp = status.empty() ? "" : status[0].at(1).value_or("");
  for (std::size_t i = 0; i < opened.size(); ++i) {
    opened[i]->run("SET @@tidb_snapshot = '" + timestamp + "'");
    (i < static_cast<std::size_t>(kExtras) ? *extras_ : *readers_pool_).add(std::move(opened[i]));
  }
  readers_ = options_.readers;
  position_ = "tidb " + timestamp;
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

}  // namespace rowferry::mysql
