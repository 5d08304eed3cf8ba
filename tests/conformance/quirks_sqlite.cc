#include <sqlite3.h>
#include <stdlib.h>

#include <filesystem>
#include <stdexcept>

#include "conformance/quirks.h"

namespace rowferry::conformance {

namespace {

class SqliteClient final : public Client {
 public:
  explicit SqliteClient(const std::string& path) {
    check(sqlite3_open(path.c_str(), &db_), path);
    sqlite3_busy_timeout(db_, 300);
    run("PRAGMA synchronous = OFF");
  }
  ~SqliteClient() override { sqlite3_close(db_); }

  void run(const std::string& sql) override {
    check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr), sql);
  }

  std::vector<Cells> query(const std::string& sql) override {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr), sql);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement, sqlite3_finalize);
    std::vector<Cells> rows;
    while (sqlite3_step(statement) == SQLITE_ROW) {
      Cells& row = rows.emplace_back();
      for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
        row.push_back(text == nullptr ? std::nullopt : std::optional<std::string>(text));
      }
    }
    steps_ = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0);
    return rows;
  }

  int steps() const { return steps_; }

 private:
  void check(int code, const std::string& what) const {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_) + (": " + what));
  }

  sqlite3* db_ = nullptr;
  int steps_ = 0;  // of SQLite's virtual machine, for the last query
};

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(const std::string& journal_mode) {
    std::string pattern = (std::filesystem::temp_directory_path() / "rowferry-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    run("PRAGMA journal_mode = " + journal_mode);
  }
  ~SqliteDatabase() override { std::filesystem::remove_all(directory_); }

  Url url() const override { return parse_url("sqlite:" + path()); }
  std::unique_ptr<Client> connect() override { return std::make_unique<SqliteClient>(path()); }

 private:
  std::string path() const { return directory_ + "/test.db"; }

  std::string directory_;
};

std::string native(Kind kind) {
  switch (kind) {
    case Kind::int64:
      return "INTEGER";
    case Kind::float64:
      return "DOUBLE PRECISION";
    case Kind::decimal:
      return "DECIMAL(15,3)";
    case Kind::bytes:
      return "BLOB";
    case Kind::uuid:
      return "UUID";
    case Kind::timestamp:
      return "TIMESTAMP";
    default:
      return "TEXT";
  }
}

std::string create(const std::string& table, const std::string& columns,
                   const std::vector<std::string>& key, const std::string& options) {
  return "CREATE TABLE " + table + " (" + columns +
         (key.empty() ? "" : ", PRIMARY KEY (" + joined(key) + ")") + ")" + options;
}

std::string beyond_range(Client& client, const std::string& table, const std::string& condition,
                         std::int64_t rows) {
  static constexpr std::int64_t kStepsPerRow = 30;
  const std::string sql = "SELECT * FROM " + table + " NOT INDEXED WHERE " + condition;
  const std::string plan = client.query("EXPLAIN QUERY PLAN " + sql).at(0).at(3).value();
  if (!plan.starts_with("SEARCH")) return plan;
  client.query(sql);
  const int steps = dynamic_cast<SqliteClient&>(client).steps();
  if (steps <= kStepsPerRow * (rows + 4)) return "";
  return std::to_string(steps) + " steps for " + std::to_string(rows) + " rows: " + plan;
}

Quirks sqlite(const std::string& name, const std::string& journal_mode) {
  Quirks quirks;
  quirks.name = name;
  quirks.scheme = "sqlite";
  quirks.make = [=] { return std::make_unique<SqliteDatabase>(journal_mode); };
  quirks.native = native;
  quirks.literal = [](Kind kind, const std::string& text) {
    const bool number = kind == Kind::int64 || kind == Kind::decimal || kind == Kind::float64;
    if (number) return text;
    return (kind == Kind::bytes ? "x" : "") + quoted(text);
  };
  const auto storage = [](const std::string& options) {
    return
        [=](const std::string& table, const std::string& columns,
            const std::vector<std::string>& key) { return create(table, columns, key, options); };
  };
  quirks.storages = {{"by_rowid", true, storage("")}, {"by_key", false, storage(" WITHOUT ROWID")}};
  quirks.collations = {"", " COLLATE NOCASE", " COLLATE RTRIM"};
  quirks.identity = "INTEGER PRIMARY KEY AUTOINCREMENT";
  quirks.unique_constraints = false;
  quirks.many_writers = false;
  quirks.refused_forms = {"float32 -0", "float32 NaN", "float64 -0", "float64 NaN"};
  quirks.beyond_range = beyond_range;
  return quirks;
}

}  // namespace

Quirks sqlite_rollback() {
  Quirks quirks = sqlite("sqlite", "DELETE");
  quirks.snapshot_stops_writers = true;
  return quirks;
}

Quirks sqlite_wal() {
  return sqlite("sqlite_wal", "WAL");
}

}  // namespace rowferry::conformance
