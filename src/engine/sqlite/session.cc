#include "engine/sqlite/session.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <thread>

#include "engine/sqlite/error.h"
#include "engine/sqlite/file.h"

namespace rowferry::sqlite {

using Clock = std::chrono::steady_clock;

// What the handlers that SQLite calls back need.
struct Connection::Waits {
  std::stop_token stop;
  Clock::duration limit;
  Clock::time_point since;

  // Called while a lock is not to be had; 0 gives up.
  static int wait(void* self, int tries) {
    auto& waits = *static_cast<Waits*>(self);
    const auto now = Clock::now();
    if (tries == 0) waits.since = now;
    if (waits.stop.stop_requested() || now - waits.since >= waits.limit) return 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(std::min(1 + tries, 25)));
    return 1;
  }

  // Called within long statements; other than 0 interrupts.
  static int stopped(void* self) {
    return static_cast<Waits*>(self)->stop.stop_requested() ? 1 : 0;
  }
};

void Connection::Forget::operator()(Waits* waits) const {
  delete waits;
}

Prepared::Prepared(sqlite3* db, std::string_view sql, std::string_view* rest) {
  sqlite3_stmt* made = nullptr;
  const char* tail = nullptr;
  const int code = sqlite3_prepare_v2(db, sql.data(), static_cast<int>(sql.size()), &made, &tail);
  statement_.reset(made);
  if (code != SQLITE_OK) throw error_of(code, db, "run '" + std::string(sql.substr(0, 200)) + "'");
  if (rest != nullptr) *rest = sql.substr(static_cast<std::size_t>(tail - sql.data()));
}

bool Prepared::step() {
  const int code = sqlite3_step(get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    const Error error = error_of(code, sqlite3_db_handle(get()),
                                 "run '" + std::string(sqlite3_sql(get())).substr(0, 200) + "'");
    sqlite3_reset(get());
    throw error;
  }
  sqlite3_reset(get());
  return false;
}

void Prepared::bind(int index, std::string_view text) {
  check(sqlite3_bind_text64(get(), index, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8),
        sqlite3_db_handle(get()), "bind a value");
}

void Prepared::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(get(), index, value), sqlite3_db_handle(get()), "bind a value");
}

std::string_view Prepared::blob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(get(), column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(get(), column))};
}

std::string_view Prepared::view(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(get(), column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(get(), column))};
}

Connection::Connection(const std::string& path, Access access, const EndOptions& options)
    : path_(path), waits_(new Waits{options.stop, std::chrono::seconds(options.lock_seconds), {}}) {
  check_openable(path, access == Access::create);
  open(SQLITE_OPEN_READWRITE | (access == Access::create ? SQLITE_OPEN_CREATE : 0));
  configure(access);
  try {
    run("PRAGMA schema_version");  // the first look into the file
  } catch (const Error& error) {
    if (error.code() != "sqlite.not_a_database") throw;
    throw Error(ErrorKind::not_found, "sqlite.not_a_database", path + " is not an SQLite database")
        .native(error.native());
  }
}

void Connection::open(int flags) {
  static constexpr int kAlways = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  sqlite3* made = nullptr;
  const int code = sqlite3_open_v2(path_.c_str(), &made, flags | kAlways, nullptr);
  db_.reset(made);
  check(code, made, "open " + path_);
}

void Connection::configure(Access access) const {
  static constexpr int kOperations = 4096;  // of the virtual machine, between looks at the token
  sqlite3_busy_handler(get(), &Waits::wait, waits_.get());
  sqlite3_progress_handler(get(), kOperations, &Waits::stopped, waits_.get());
  sqlite3_db_config(get(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  run("PRAGMA foreign_keys = OFF");
  if (access != Access::source) return;
  sqlite3_db_config(get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  run("PRAGMA query_only = ON");
}

void Connection::run(std::string_view sql) const {
  while (!sql.empty()) {
    std::string_view rest;
    Prepared statement(get(), sql, &rest);
    while (!statement.empty() && statement.step()) {
    }
    sql = rest;
  }
}

namespace {

void bind_all(Prepared& statement, std::span<const std::string> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string name = "$" + std::to_string(i + 1);
    const int index = sqlite3_bind_parameter_index(statement.get(), name.c_str());
    if (index > 0) statement.bind(index, values[i]);
  }
}

sql::Row row_of(const Prepared& statement) {
  sql::Row row;
  for (int column = 0; column < sqlite3_column_count(statement.get()); ++column) {
    if (statement.null(column)) {
      row.emplace_back();
    } else {
      row.emplace_back(statement.text(column));
    }
  }
  return row;
}

bool runs_as_it_is(std::string_view sql) {
  static constexpr std::array<std::string_view, 10> kWords = {
      "BEGIN",   "COMMIT", "END",    "ROLLBACK", "SAVEPOINT",
      "RELEASE", "PRAGMA", "VACUUM", "ATTACH",   "DETACH"};
  const std::size_t start = std::min(sql.find_first_not_of(" \t\r\n;"), sql.size());
  std::string word;
  for (std::size_t at = start; at < sql.size(); ++at) {
    const auto c = static_cast<unsigned char>(sql[at]);
    if (std::isalpha(c) == 0) break;
    word += static_cast<char>(std::toupper(c));
  }
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace

sql::Rows Connection::query(std::string_view sql, std::span<const std::string> values) const {
  Prepared statement = prepare(sql);
  sql::Rows rows;
  if (statement.empty()) return rows;
  bind_all(statement, values);
  while (statement.step()) rows.push_back(row_of(statement));
  return rows;
}

void Session::execute(std::string_view sql) {
  if (connection_.in_transaction() || runs_as_it_is(sql)) return connection_.run(sql);
  in_transaction(connection_, [&] { connection_.run(sql); });
}

void in_transaction(const Connection& connection, const std::function<void()>& work) {
  connection.run("BEGIN IMMEDIATE");
  try {
    work();
    connection.run("COMMIT");
  } catch (...) {
    if (connection.in_transaction()) connection.run("ROLLBACK");
    throw;
  }
}

std::unique_ptr<sql::Session> open_session(const std::string& path, const EndOptions& options) {
  return std::make_unique<Session>(Connection(path, Access::create, options));
}

}  // namespace rowferry::sqlite
