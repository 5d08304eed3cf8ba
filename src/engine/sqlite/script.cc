#include "engine/sqlite/script.h"

#include <sqlite3.h>

#include "core/batch.h"
#include "core/utf8.h"
#include "engine/sql/ddl.h"
#include "engine/sqlite/binder.h"
#include "engine/sqlite/dialect.h"
#include "engine/sqlite/error.h"
#include "engine/sqlite/literal.h"
#include "engine/sqlite/mender.h"
#include "engine/sqlite/types.h"

namespace rowferry::sqlite {

namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

const char* declared(Affinity affinity) {
  switch (affinity) {
    case Affinity::integer:
      return "INTEGER";
    case Affinity::text:
      return "TEXT";
    case Affinity::blob:
      return "BLOB";
    case Affinity::real:
      return "REAL";
    case Affinity::numeric:
      return "NUMERIC";
  }
  return "";
}

// In pairs of pairs: a long chain would be too deep for the server.
std::string chained(const std::vector<std::string>& parts, std::size_t from, std::size_t to) {
  if (to - from == 1) return parts[from];
  const std::size_t middle = from + (to - from) / 2;
  return "(" + chained(parts, from, middle) + "||" + chained(parts, middle, to) + ")";
}

// The client takes CR LF for LF, and ends a line at a NUL.
std::string text_literal(std::string_view text) {
  constexpr std::string_view kOdd("\0\r", 2);
  if (text.find_first_of(kOdd) == std::string_view::npos) return literal(text);
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find_first_of(kOdd), text.size());
    if (plain > 0) parts.push_back(literal(text.substr(0, plain)));
    if (plain == text.size()) break;
    parts.emplace_back(text[plain] == '\r' ? "char(13)" : "char(0)");
    text.remove_prefix(plain + 1);
  }
  if (parts.size() == 1) parts.insert(parts.begin(), "''");
  return chained(parts, 0, parts.size());
}

// The value as the column keeps it.
std::string literal_of(sqlite3_stmt* statement, int column) {
  if (sqlite3_column_type(statement, column) != SQLITE_TEXT) {
    return column_literal(statement, column);
  }
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  const std::string_view text(bytes,
                              static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
  if (fault_of(text, true) == TextFault::not_utf8) return stored_text_literal(text);
  return text_literal(text);
}

// Puts rows into a table of the same affinities, and reads them back.
class Printer final : public sql::RowPrinter {
 public:
  explicit Printer(const sql::PrintedShape& shape) : shape_(shape.rows) {
    sqlite3* database = nullptr;
    const int opened = sqlite3_open(":memory:", &database);
    database_.reset(database);
    check(opened, database, "open a database in memory");
    std::vector<std::string> columns;
    const bool strict = shape.target.options.find("STRICT") != std::string::npos;
    for (std::size_t i = 0; i < shape_.columns.size(); ++i) {
      const std::string& native = shape_.columns[i].native;
      const bool any = strict && sqlite3_stricmp(native.c_str(), "ANY") == 0;
      columns.push_back("c" + std::to_string(i) + " " +
                        declared(any ? Affinity::blob : affinity_of(native)));
    }
    check(sqlite3_exec(database, ("CREATE TABLE x (" + sql::joined(columns, ", ") + ")").c_str(),
                       nullptr, nullptr, nullptr),
          database, "make a table in memory");
    const std::vector<std::string> places(shape_.columns.size(), "?");
    insert_ = prepared("INSERT OR REPLACE INTO x VALUES (" + sql::joined(places, ", ") + ")");
    select_ = prepared("SELECT * FROM x");
    empty_ = prepared("DELETE FROM x");
    for (std::size_t i = 0; i < shape_.columns.size(); ++i) {
      binders_.push_back(
          binder_for(shape_.columns[i], shape.format, insert_.get(), static_cast<int>(i) + 1));
    }
  }

  sql::PrintedRow print(std::string_view row) override {
    run(empty_.get());
    bind(row);
    run(insert_.get());
    if (sqlite3_step(select_.get()) != SQLITE_ROW) {
      throw error_of(sqlite3_errcode(database_.get()), database_.get(), "read a row in memory");
    }
    sql::PrintedRow printed;
    for (int i = 0; i < static_cast<int>(binders_.size()); ++i) {
      printed.stored.push_back(literal_of(select_.get(), i));
    }
    sqlite3_reset(select_.get());
    printed.sought = printed.stored;
    return printed;
  }

 private:
  std::unique_ptr<sqlite3_stmt, Close> prepared(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &statement, nullptr),
          database_.get(), "prepare");
    return std::unique_ptr<sqlite3_stmt, Close>(statement);
  }

  void run(sqlite3_stmt* statement) {
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE) throw error_of(code, database_.get(), "keep a row in memory");
  }

  void bind(std::string_view row) {
    CellCursor cursor(row);
    cursor.row();
    for (std::size_t i = 0; i < binders_.size(); ++i) {
      const std::string_view cell = cursor.cell();
      if (cursor.null()) {
        sqlite3_bind_null(insert_.get(), binders_[i].index);
        continue;
      }
      const Fit fit = binders_[i].bind(binders_[i], cell);
      if (fit == Fit::ok) continue;
      const Refusal& refusal = refusal_of(fit);
      throw Error(ErrorKind::data, std::string(refusal.code),
                  "column " + shape_.columns[i].name + ": " + std::string(refusal.reason));
    }
  }

  const TableWrite& shape_;
  std::unique_ptr<sqlite3, Close> database_;
  std::unique_ptr<sqlite3_stmt, Close> insert_;
  std::unique_ptr<sqlite3_stmt, Close> select_;
  std::unique_ptr<sqlite3_stmt, Close> empty_;
  std::vector<Binder> binders_;
};

// Bit for bit.
std::string is_literal(const std::string& ours, const std::string& literal) {
  if (literal == "NULL") return ours + " IS NULL";
  return ours + " = " + literal + " COLLATE BINARY AND typeof(" + ours + ") = typeof(" + literal +
         ")";
}

class Words final : public sql::ScriptWords {
 public:
  std::vector<std::string> head() const override {
    return {".bail on", ".dbconfig enable_trigger off", "PRAGMA foreign_keys = ON;"};
  }
  std::string begin() const override { return "BEGIN IMMEDIATE"; }
  std::unique_ptr<sql::RowPrinter> printer(const sql::PrintedShape& shape) const override {
    return std::make_unique<Printer>(shape);
  }
  sql::MendWords words(const MendedTable& table) const override { return mend_words(table); }

  std::string remove_one(const MendedTable& table, const sql::PrintedRow& row) const override {
    const std::string name = mend_words(table).table;
    const std::string id = row_number(table);
    std::vector<std::string> terms;
    for (std::size_t i = 0; i < table.standing.columns.size(); ++i) {
      terms.push_back(is_literal("x." + quote(table.standing.columns[i].name), row.sought[i]));
    }
    return "DELETE FROM " + name + " WHERE " + id + " = (SELECT x." + id + " FROM " + name +
           " AS x WHERE " + sql::joined(terms, " AND ") + " LIMIT 1)";
  }
};

}  // namespace

std::unique_ptr<sql::ScriptWords> script_words(const ServerFacts&) {
  return std::make_unique<Words>();
}

}  // namespace rowferry::sqlite
