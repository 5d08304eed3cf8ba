#pragma once

#include <mysql.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "engine/mysql/address.h"
#include "engine/sql/own_sessions.h"
#include "engine/sql/session.h"

namespace rowferry::mysql {

// What a server of this family is. They differ in snapshots, checks and settings.
enum class Product { mariadb, mysql, tidb };

// One pinned session: utf8mb4, UTC, a strict sql_mode in which a backslash escapes (MySQL 8 reads
// the expressions of a table in the mode of whoever opens it first), no statement limits, bounded
// lock waits, foreign key checks off. One thread at a time. A requested stop ends waits by cutting
// the connection: what runs then throws Error{interrupted}.
class Connection {
 public:
  // Throws Error{auth | not_found | transient | usage}.
  Connection(const Url& url, const EndOptions& options);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  MYSQL* raw() const { return mysql_.get(); }
  Product product() const { return product_; }
  // major * 10000 + minor * 100 + patch
  int version() const { return version_; }
  const Address& address() const { return address_; }
  // The server's name among those of sql::own_sessions.
  const std::string& server() const { return own_->server(); }

  // Runs statements separated by semicolons and throws their rows away.
  void run(std::string_view sql);
  // Runs one statement; its rows as text. affected() and warnings() are about it.
  sql::Rows query(std::string_view sql);
  // Calls `take` with each row as it comes, so that no answer is held whole. The row is of use
  // during the call only; `take` must not use the connection.
  void each(std::string_view sql, const std::function<void(const sql::Row&)>& take);
  // The first cell of the first row; empty when there is none or it is NULL.
  std::string value(std::string_view sql);

  // Of the last query.
  std::uint64_t affected() const { return mysql_affected_rows(raw()); }
  unsigned warnings() const { return mysql_warning_count(raw()); }

  // True when the connection can be used no more.
  bool lost() const { return lost_; }
  // The error that the connection stands in. `statement`: of a prepared one.
  Error failure(MYSQL_STMT* statement = nullptr);

 private:
  void connect(const Url& url);
  void pin(int lock_seconds);
  sql::Row last_row(std::string_view sql);
  void take_rows(const std::function<void(const sql::Row&)>& take);

  struct Close {
    void operator()(MYSQL* mysql) const { mysql_close(mysql); }
  };
  Address address_;
  std::stop_token stop_;
  std::optional<sql::OwnSession> own_;
  std::unique_ptr<MYSQL, Close> mysql_;
  std::optional<std::stop_callback<std::function<void()>>> cut_;
  Product product_ = Product::mysql;
  int version_ = 0;
  bool lost_ = false;
};

// A session in text for catalogs and ledgers.
class Session final : public sql::Session {
 public:
  Session(const Url& url, const EndOptions& options) : connection_(url, options) {}

  void execute(std::string_view sql) override { connection_.run(sql); }
  sql::Rows query(std::string_view sql, std::span<const std::string> values = {}) override;
  Connection& connection() { return connection_; }

 private:
  Connection connection_;
};

// The same for every way of reaching a server, and different for another one, as far as its version
// can tell.
std::string name_of_server(Connection& connection);

}  // namespace rowferry::mysql
