#include "engine/sqlite/mender.h"

#include <algorithm>

#include "core/batch.h"
#include "engine/sql/ddl.h"
#include "engine/sql/mender.h"
#include "engine/sqlite/binder.h"
#include "engine/sqlite/dialect.h"
#include "engine/sqlite/error.h"
#include "engine/sqlite/lock.h"
#include "engine/sqlite/place.h"
#include "engine/sqlite/session.h"

namespace rowferry::sqlite {

namespace {

constexpr const char* kStage = "temp.\"_rowferry_rows\"";

std::string table_name(const TableName& name) {
  return "main." + quote(name.table);
}

// A row as one text, in which rows that differ in any bit differ.
std::string image(const TableWrite& rows) {
  std::vector<std::string> cells;
  for (const ColumnWrite& column : rows.columns) {
    const std::string name = "x." + quote(column.name);
    cells.push_back("CASE typeof(" + name + ") WHEN 'real' THEN quote(" + name + ") ELSE typeof(" +
                    name + ") || hex(" + name + ") END");
  }
  return sql::joined(cells, " || ',' || ");
}

// Whose rows are refused knows nothing of the statement, which names a temporary table.
Error without_statement(const Error& error, const std::string& sql) {
  const std::size_t statement = error.message().find(sql.substr(0, 200) + "': ");
  if (statement == std::string::npos) return error;
  const std::size_t reason = statement + std::min<std::size_t>(sql.size(), 200) + 3;
  return Error(error.kind(), error.code(), error.message().substr(reason))
      .native(error.native())
      .hint(error.hint());
}

class SqliteStage final : public sql::Stage {
 public:
  SqliteStage(const std::string& path, const EndOptions& options)
      : connection_(path, Access::target, options) {
    connection_.run("PRAGMA cache_size = -8192; PRAGMA foreign_keys = ON");
  }

  std::string begin() const override { return "BEGIN IMMEDIATE"; }
  void execute(const std::string& sql) override {
    connection_.run(sql);
    if (sql == "ROLLBACK") made_ = {};
  }
  std::int64_t change(const std::string& sql) override {
    try {
      connection_.run(sql);
    } catch (const Error& error) {
      throw without_statement(error, sql);
    }
    const std::int64_t changed = sqlite3_changes64(connection_.get());
    check_deferred();
    return changed;
  }
  bool any(const std::string& sql) override { return !connection_.query(sql).empty(); }
  bool lost() const override { return !connection_.in_transaction(); }
  void put(const std::string& sql, const std::vector<std::string>& values) override {
    connection_.query(sql, values);
  }
  std::string marks() override {
    const sql::MarksPlace place = marks_place();
    for (const std::string& statement : place.create) connection_.run(statement);
    return place.name;
  }

  sql::MendWords words(const MendedTable& table) override {
    sql::MendWords words = mend_words(table);
    words.stage = kStage;
    words.value = [](const ColumnWrite&, const std::string& staged) { return staged; };
    return words;
  }

  void make(const TableWrite& shape) override {
    if (made_ == shape.name) return;
    connection_.run(std::string("DROP TABLE IF EXISTS ") + kStage);
    std::vector<std::string> names;
    for (const ColumnWrite& column : shape.columns) names.push_back(quote(column.name));
    connection_.run("CREATE TEMPORARY TABLE \"_rowferry_rows\" AS SELECT " +
                    sql::joined(names, ", ") + " FROM " + table_name(shape.name) + " LIMIT 0");
    made_ = shape.name;
  }

  void fill(const TableWrite& shape, RowFormat format,
            std::span<const std::string_view> rows) override {
    connection_.run(std::string("DELETE FROM ") + kStage);
    std::vector<std::string> places(shape.columns.size(), "?");
    Prepared insert = connection_.prepare(std::string("INSERT INTO ") + kStage + " VALUES (" +
                                          sql::joined(places, ", ") + ")");
    std::vector<Binder> binders;
    for (std::size_t i = 0; i < shape.columns.size(); ++i) {
      binders.push_back(
          binder_for(shape.columns[i], format, insert.get(), static_cast<int>(i) + 1));
    }
    for (const std::string_view row : rows) bind(shape, binders, row, insert);
  }

  std::int64_t remove_whole(const MendedTable& table, RowFormat format,
                            std::span<const std::string_view> rows) override {
    fill(table.standing, format, rows);
    const std::string name = table_name(table.standing.name);
    const std::string row = image(table.standing);
    const std::string id = row_number(table);
    return change("DELETE FROM " + name + " WHERE " + id + " IN (SELECT h.id FROM (SELECT x." + id +
                  " AS id, " + row + " AS r, row_number() OVER (PARTITION BY " + row +
                  ") AS n FROM " + name + " AS x) AS h JOIN (SELECT " + row +
                  " AS r, count(*) AS n FROM " + kStage +
                  " AS x GROUP BY 1) AS w ON w.r = h.r AND h.n <= w.n)");
  }

  void commit() override {
    try {
      connection_.run("COMMIT");
    } catch (const Error& error) {
      if (connection_.in_transaction() || error.code() != "sqlite.io") throw;
      throw Error(ErrorKind::ambiguous, "commit.unknown",
                  "the file system failed while changes were being committed")
          .native(error.native())
          .hint("run the same command again: it compares both sides anew");
    }
  }

 private:
  // Keys that wait for the commit would be refused there, and nobody could say which row it was.
  void check_deferred() const {
    int broken = 0;
    int peak = 0;
    sqlite3_db_status(connection_.get(), SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &peak, 0);
    if (broken == 0) return;
    throw Error(ErrorKind::data, "row.constraint", "FOREIGN KEY constraint failed");
  }

  static void bind(const TableWrite& shape, std::vector<Binder>& binders, std::string_view row,
                   Prepared& insert) {
    CellCursor cursor(row);
    cursor.row();
    for (std::size_t i = 0; i < binders.size(); ++i) {
      const std::string_view cell = cursor.cell();
      if (cursor.null()) {
        if (shape.columns[i].numbered) throw misfit(shape, i, Fit::null);
        sqlite3_bind_null(binders[i].statement, binders[i].index);
        continue;
      }
      const Fit fit = binders[i].bind(binders[i], cell);
      if (fit != Fit::ok) throw misfit(shape, i, fit);
    }
    while (insert.step()) {
    }
  }

  static Error misfit(const TableWrite& shape, std::size_t column, Fit fit) {
    const Refusal& refusal = refusal_of(fit);
    return Error(ErrorKind::data, std::string(refusal.code),
                 "column " + shape.columns[column].name + ": " + std::string(refusal.reason));
  }

  Connection connection_;
  TableName made_;  // that the temporary table has the columns of
};

class FileHold final : public Hold {
 public:
  explicit FileHold(const std::string& path) : lock_(path, "sync") {}
  bool holds() override { return true; }

 private:
  JobLock lock_;
};

}  // namespace

sql::MendWords mend_words(const MendedTable& table) {
  return {.table = table_name(table.rows.name),
          .stage = "",
          .insert = "INSERT OR ABORT INTO ",
          .update = "UPDATE OR ABORT ",
          .finds_keys = true,
          .quote = [](std::string_view text) { return quote(text); },
          .exactly =
              [](const ColumnWrite&, const std::string& a, const std::string& b) {
                return a + " = " + b + " COLLATE BINARY AND typeof(" + a + ") = typeof(" + b + ")";
              },
          .value = {},
          .spare =
              [name = table_name(table.rows.name)](const ColumnWrite& column) {
                const std::string quoted = quote(column.name);
                return "CASE typeof(t." + quoted + ") WHEN 'integer' THEN (SELECT min(x." + quoted +
                       ") - 1 FROM " + name + " AS x) WHEN 'blob' THEN randomblob(16)" +
                       " ELSE lower(hex(randomblob(16))) END";
              }};
}

std::string row_number(const MendedTable& table) {
  for (const char* name : {"rowid", "_rowid_", "oid"}) {
    bool taken = false;
    for (const ColumnWrite& column : table.standing.columns) {
      taken = taken || sqlite3_stricmp(column.name.c_str(), name) == 0;
    }
    if (!taken) return name;
  }
  throw Error(ErrorKind::schema, "sync.row_number",
              "a row without a key cannot be told from others: columns hide the row's number");
}

std::unique_ptr<Mender> open_mender(const std::string& path, const EndOptions& options) {
  return std::make_unique<sql::SqlMender>(std::make_unique<SqliteStage>(path, options));
}

std::unique_ptr<Hold> hold(const std::string& path) {
  try {
    return std::make_unique<FileHold>(path);
  } catch (const Error& error) {
    if (error.code() == "job.running") return nullptr;
    throw;
  }
}

}  // namespace rowferry::sqlite
