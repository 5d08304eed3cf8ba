#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "engine/sql/session.h"

namespace rowferry::sqlite {

// A compiled statement. Must not outlive its connection; one thread at a time.
class Prepared {
 public:
  // Compiles the first statement of `sql`. `rest`, when given, receives what follows it.
  Prepared(sqlite3* db, std::string_view sql, std::string_view* rest = nullptr);

  // True when `sql` held nothing but space and comments.
  bool empty() const { return statement_ == nullptr; }
  sqlite3_stmt* get() const { return statement_.get(); }

  // Moves to the next row; false at the end, after which step begins anew.
  bool step();
  // Forgets rows and keeps what is bound.
  void reset() { sqlite3_reset(get()); }
  // Copies `text` to parameter `index`, the first being 1.
  void bind(int index, std::string_view text);
  void bind(int index, std::int64_t value);

  // Of the current row, the first column being 0.
  bool null(int column) const { return sqlite3_column_type(get(), column) == SQLITE_NULL; }
  std::int64_t integer(int column) const { return sqlite3_column_int64(get(), column); }
  // Valid until the next step.
  std::string_view view(int column) const;
  // Bytes as they are stored, of a blob.
  std::string_view blob(int column) const;
  std::string text(int column) const { return std::string(view(column)); }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

// What a connection is for.
enum class Access {
  source,  // never written; closing it leaves the file as it was
  target,  // written; the file must be there
  create,  // written; the file is made when it is missing
};

// One open database file. Locks are waited for as long as the options say; a stop request ends
// waits and long statements. Foreign keys and triggers are off: nothing happens but what is asked
// for.
class Connection {
 public:
  Connection(const std::string& path, Access access, const EndOptions& options);

  sqlite3* get() const { return db_.get(); }
  const std::string& path() const { return path_; }
  // True when the file cannot be written to.
  bool read_only() const { return sqlite3_db_readonly(get(), "main") == 1; }
  bool in_transaction() const { return sqlite3_get_autocommit(get()) == 0; }

  Prepared prepare(std::string_view sql) const { return Prepared(get(), sql); }
  // Runs all statements of `sql` and throws their rows away.
  void run(std::string_view sql) const;
  // The rows of one statement, as in sql::Session.
  sql::Rows query(std::string_view sql, std::span<const std::string> values = {}) const;

 private:
  struct Waits;
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  struct Forget {
    void operator()(Waits* waits) const;
  };

  void open(int flags);
  void configure(Access access) const;

  std::string path_;
  std::unique_ptr<Waits, Forget> waits_;  // outlives db_
  std::unique_ptr<sqlite3, Close> db_;
};

// A session in text for catalogs, ledgers and the journal.
class Session final : public sql::Session {
 public:
  explicit Session(Connection connection) : connection_(std::move(connection)) {}

  // Scripts that begin with BEGIN, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, PRAGMA, VACUUM, ATTACH or
  // DETACH run as they are; all others in one transaction of their own unless one is open.
  void execute(std::string_view sql) override;
  sql::Rows query(std::string_view sql, std::span<const std::string> values = {}) override {
    return connection_.query(sql, values);
  }

  const Connection& connection() const { return connection_; }

 private:
  Connection connection_;
};

// Runs `work` between BEGIN IMMEDIATE and COMMIT; rolls back when it throws.
void in_transaction(const Connection& connection, const std::function<void()>& work);

// A session on `path`, which is made when it is missing.
std::unique_ptr<sql::Session> open_session(const std::string& path, const EndOptions& options);

}  // namespace rowferry::sqlite
