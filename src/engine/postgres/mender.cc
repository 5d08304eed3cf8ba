#include "engine/postgres/mender.h"

#include <algorithm>

#include "engine/postgres/copy_in.h"
#include "engine/postgres/dialect.h"
#include "engine/postgres/place.h"
#include "engine/postgres/session.h"
#include "engine/postgres/types.h"
#include "engine/sql/ddl.h"
#include "engine/sql/mender.h"

namespace rowferry::postgres {

namespace {

constexpr const char* kStage = "pg_temp.\"_rowferry_rows\"";

// Whether values of the kind that are = may look different.
bool looks_many_ways(Kind kind) {
  switch (kind) {
    case Kind::boolean:
    case Kind::int16:
    case Kind::int32:
    case Kind::int64:
    case Kind::uuid:
    case Kind::bytes:
    case Kind::date:
    case Kind::time:
    case Kind::timestamp:
    case Kind::timestamptz:
      return false;
    default:
      return true;
  }
}

// Whether cells are the type's text, which its own receive function would take for something else.
bool travels_as_text(const ColumnWrite& column) {
  return column.wire == Kind::text && !sends_kind(column.native);
}

// Same as text: for what has no =, and for what is = without being the same.
std::string as_text(const std::string& column) {
  return column + "::pg_catalog.text COLLATE \"C\"";
}

std::string next_to(const std::string& table, const std::string& column, const char* which,
                    const char* step) {
  return std::string("(SELECT pg_catalog.") + which + "(x." + column + ") " + step + " FROM " +
         table + " AS x)";
}

std::string spare(const std::string& table, const ColumnWrite& column) {
  const std::string name = quote(column.name);
  switch (column.type.kind) {
    case Kind::int16:
    case Kind::int32:
    case Kind::int64:
    case Kind::decimal:
      return next_to(table, name, "min", "- 1");
    case Kind::date:
    case Kind::timestamp:
    case Kind::timestamptz:
      return next_to(table, name, "min", "- interval '1 day'");
    case Kind::uuid:
      return "pg_catalog.md5(pg_catalog.random()::text || pg_catalog.clock_timestamp())::uuid";
    case Kind::text: {
      const int length = column.type.length > 0 ? std::min(column.type.length, 32) : 32;
      return "pg_catalog.left(pg_catalog.md5(pg_catalog.random()::text ||"
             " pg_catalog.clock_timestamp()), " +
             std::to_string(length) + ")";
    }
    default:
      return "";
  }
}

class PostgresStage final : public sql::Stage {
 public:
  PostgresStage(const Url& url, const EndOptions& options)
      : url_(url),
        options_(options),
        session_(url, options),
        dialect_({}),
        copy_(session_.connection()) {}

  // Keys that wait for the commit would be refused there, and nobody could say which row it was.
  std::string begin() const override {
    return "BEGIN ISOLATION LEVEL READ COMMITTED; SET CONSTRAINTS ALL IMMEDIATE";
  }
  void execute(const std::string& sql) override {
    copy_.abandon();
    connection().run(sql);
    if (sql.starts_with("BEGIN") || sql == "ROLLBACK") made_ = {};
  }
  std::int64_t change(const std::string& sql) override {
    const Result result = connection().run(sql);
    return std::atoll(PQcmdTuples(result.get()));
  }
  bool any(const std::string& sql) override { return !session_.query(sql).empty(); }
  void put(const std::string& sql, const std::vector<std::string>& values) override {
    session_.query(sql, values);
  }

  // By another session: a table that somebody else makes at the same time would end the
  // transaction.
  std::string marks() override {
    if (!marks_.empty()) return marks_;
    Session other(url_, options_);
    const sql::MarksPlace place = find_marks(other);
    try {
      for (const std::string& statement : place.create) other.execute(statement);
    } catch (const Error&) {
      if (!find_marks(other).create.empty()) throw;
    }
    return marks_ = place.name;
  }

  bool lost() const override {
    return PQstatus(const_cast<PostgresStage*>(this)->connection().raw()) != CONNECTION_OK;
  }

  sql::MendWords words(const MendedTable& table) override {
    sql::MendWords words = mend_words(table);
    words.stage = kStage;
    words.value = value;
    return words;
  }

  // Lives as long as the transaction.
  void make(const TableWrite& shape) override {
    if (made_ == shape.name) return;
    if (!made_.table.empty()) connection().run(std::string("DROP TABLE ") + kStage);
    std::vector<std::string> columns;
    for (const ColumnWrite& column : shape.columns) {
      const std::string name = dialect_.quote(column.name);
      columns.push_back(travels_as_text(column) ? "NULL::pg_catalog.text AS " + name : name);
    }
    connection().run("CREATE TEMPORARY TABLE _rowferry_rows ON COMMIT DROP AS SELECT " +
                     sql::joined(columns, ", ") + " FROM " + sql::table_name(dialect_, shape.name) +
                     " WITH NO DATA");
    made_ = shape.name;
  }

  void fill(const TableWrite& shape, RowFormat format,
            std::span<const std::string_view> rows) override {
    connection().run(std::string("TRUNCATE ") + kStage);
    copy(shape, format, kStage, rows);
  }

  bool load(const MendedTable& table, RowFormat format,
            std::span<const std::string_view> rows) override {
    const std::vector<ColumnWrite>& columns = table.rows.columns;
    const bool as_text = std::any_of(columns.begin(), columns.end(), travels_as_text);
    if (as_text && format == RowFormat::cells) return false;
    copy(table.rows, format, sql::table_name(dialect_, table.rows.name), rows);
    return true;
  }

  std::int64_t remove_whole(const MendedTable& table, RowFormat format,
                            std::span<const std::string_view> rows) override {
    fill(table.standing, format, rows);
    std::vector<std::string> names;
    std::vector<std::string> values;
    for (const ColumnWrite& column : table.standing.columns) {
      names.push_back("x." + dialect_.quote(column.name));
      values.push_back(value(column, names.back()));
    }
    const std::string staged = "ROW(" + sql::joined(values, ", ") + ")::pg_catalog.text";
    const std::string row = "ROW(" + sql::joined(names, ", ") + ")::pg_catalog.text";
    const std::string from =
        (table.partitioned ? "" : "ONLY ") + sql::table_name(dialect_, table.standing.name);
    return change("DELETE FROM " + from +
                  " AS t USING (SELECT h.o, h.c FROM (SELECT x.tableoid AS o, x.ctid AS c, " + row +
                  " AS r, pg_catalog.row_number() OVER (PARTITION BY " + row +
                  " COLLATE \"C\") AS n FROM " + from + " AS x) AS h JOIN (SELECT " + staged +
                  " AS r, pg_catalog.count(*) AS n FROM " + kStage +
                  " AS x GROUP BY 1) AS w ON w.r = h.r COLLATE \"C\" AND h.n <= w.n) AS g"
                  " WHERE t.tableoid = g.o AND t.ctid = g.c");
  }

  void commit() override {
    Result result;
    try {
      result = connection().run("COMMIT");
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::transient || !lost()) throw;
      throw Error(ErrorKind::ambiguous, "commit.unknown",
                  "the connection was lost while changes were being committed")
          .hint("run the same command again: it compares both sides anew");
    }
    made_ = {};
    if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
      throw Error(ErrorKind::internal, "commit.refused", "the server rolled changes back");
    }
  }

 private:
  // As the type reads its own text. A cast to regclass looks for a table even where the text is
  // "-".
  static std::string value(const ColumnWrite& column, const std::string& staged) {
    if (!travels_as_text(column)) return staged;
    if (column.native != "regclass") return staged + "::" + column.native;
    return "pg_catalog.regclassin(pg_catalog.textout(" + staged + "))";
  }

  void copy(const TableWrite& shape, RowFormat format, const std::string& goal,
            std::span<const std::string_view> rows) {
    copy_.about(shape, format);
    copy_.start(goal);
    Batch batch;
    for (const std::string_view row : rows) batch.append_row(row);
    copy_.put(batch);
    copy_.end(static_cast<std::int64_t>(rows.size()));
  }

  Connection& connection() { return session_.connection(); }

  const Url url_;
  const EndOptions options_;
  Session session_;
  PostgresDialect dialect_;
  CopyIn copy_;
  std::string marks_;  // once it is there
  TableName made_;     // that the temporary table has the columns of
};

class AdvisoryHold final : public Hold {
 public:
  AdvisoryHold(const Url& url, const EndOptions& options) : session_(url, options) {}

  bool take(const std::string& name) {
    return session_.query(
               "SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended($1, 0))",
               std::vector<std::string>{"rowferry sync " + name})[0][0] == "t";
  }

  // Locks of this kind end with their session only.
  bool holds() override {
    try {
      session_.query("SELECT 1");
      return true;
    } catch (const Error&) {
      return false;
    }
  }

 private:
  Session session_;
};

}  // namespace

sql::MendWords mend_words(const MendedTable& table) {
  const std::string name = sql::table_name(PostgresDialect({}), table.rows.name);
  return {.table = name,
          .stage = "",
          .only = table.partitioned ? "" : "ONLY ",
          .overriding = "OVERRIDING SYSTEM VALUE ",
          .quote = [](std::string_view text) { return quote(text); },
          .exactly =
              [](const ColumnWrite& column, const std::string& a, const std::string& b) {
                return looks_many_ways(column.type.kind) ? as_text(a) + " = " + as_text(b) : "";
              },
          .value = {},
          .spare = [name](const ColumnWrite& column) { return spare(name, column); }};
}

std::unique_ptr<Mender> open_mender(const Url& url, const EndOptions& options) {
  return std::make_unique<sql::SqlMender>(std::make_unique<PostgresStage>(url, options));
}

std::unique_ptr<Hold> hold(const Url& url, const EndOptions& options,
                           const std::vector<std::string>& names) {
  auto held = std::make_unique<AdvisoryHold>(url, options);
  for (const std::string& name : names) {
    if (!held->take(name)) return nullptr;
  }
  return held;
}

}  // namespace rowferry::postgres
