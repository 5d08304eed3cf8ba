#include "engine/mysql/mender.h"

#include <map>

#include "core/fingerprint.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/loader.h"
#include "engine/mysql/place.h"
#include "engine/mysql/types.h"
#include "engine/sql/ddl.h"
#include "engine/sql/mender.h"

namespace rowferry::mysql {

namespace {

constexpr const char* kStageName = "_rowferry_rows";

// Whether values of the kind that are = may differ by some sign or its case.
bool looks_many_ways(Kind kind) {
  return kind == Kind::text || kind == Kind::json || kind == Kind::float32 || kind == Kind::float64;
}

std::string as_bytes(const std::string& column) {
  return "CAST(" + column + " AS BINARY)";
}

std::string spare(const std::string& table, const ColumnWrite& column) {
  const std::string name = quote(column.name);
  const auto beside = [&](const std::string& value) {
    return "(SELECT y.v FROM (SELECT " + value + " AS v FROM " + table + " AS x) AS y)";
  };
  switch (column.type.kind) {
    case Kind::int16:
    case Kind::int32:
    case Kind::int64:
    case Kind::decimal:
    case Kind::float32:
    case Kind::float64:
      return beside("MAX(x." + name + ") + 1");
    case Kind::date:
    case Kind::timestamp:
    case Kind::timestamptz:
      return beside("MAX(x." + name + ") + INTERVAL 1 DAY");
    case Kind::text:
    case Kind::bytes: {
      const int length = column.type.length > 0 ? std::min(column.type.length, 32) : 32;
      return "LEFT(MD5(UUID()), " + std::to_string(length) + ")";
    }
    case Kind::uuid:
      return "UUID()";
    default:
      return "";
  }
}

std::string names_of(const TableWrite& table) {
  std::vector<std::string> names;
  for (const ColumnWrite& column : table.columns) names.push_back(quote(column.name));
  return sql::joined(names, ", ");
}

class MysqlStage final : public sql::Stage {
 public:
  MysqlStage(const Url& url, const EndOptions& options)
      : url_(url), options_(options), session_(url, options), loader_(connection()) {
    connection().run(
        "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;"
        "SET foreign_key_checks = 1, unique_checks = 1");
  }

  std::string begin() const override { return "START TRANSACTION"; }
  void execute(const std::string& sql) override { connection().run(sql); }
  std::int64_t change(const std::string& sql) override {
    connection().query(sql);
    return static_cast<std::int64_t>(connection().affected());
  }
  void rename(const std::string& sql) override {
    connection().run("SET foreign_key_checks = 0");
    try {
      connection().query(sql);
    } catch (const Error&) {
      if (!lost()) connection().run("SET foreign_key_checks = 1");
      throw;
    }
    connection().run("SET foreign_key_checks = 1");
  }
  bool any(const std::string& sql) override { return !connection().query(sql).empty(); }
  bool lost() const override { return session_lost(); }
  void put(const std::string& sql, const std::vector<std::string>& values) override {
    session_.query(sql, values);
  }

  // By another session: making a table ends the transaction.
  std::string marks() override {
    if (!marks_.empty()) return marks_;
    Session other(url_, options_);
    const sql::MarksPlace place = find_marks(other);
    for (const std::string& statement : place.create) other.execute(statement);
    return marks_ = place.name;
  }

  sql::MendWords words(const MendedTable& table) override {
    sql::MendWords words = mend_words(table);
    words.stage = stage_;
    words.value = [](const ColumnWrite&, const std::string& staged) { return staged; };
    return words;
  }

  void make(const TableWrite& shape) override {
    if (made_ == shape.name) return;
    stage_ = qualified({shape.name.schema, kStageName});
    connection().run("DROP TEMPORARY TABLE IF EXISTS " + stage_);
    made_ = {};
    std::vector<std::string> columns;
    const std::map<std::string, std::string> types = types_of(shape.name);
    bool known = true;
    for (const ColumnWrite& column : shape.columns) {
      const std::string& type = types.at(column.name);
      columns.push_back(quote(column.name) + " " + type + " NULL");
      known = known && !has_garbled_labels(type);
    }
    const std::string create = "CREATE TEMPORARY TABLE " + stage_;
    if (known) {
      connection().run(create + " (" + sql::joined(columns, ", ") + ") ENGINE = InnoDB");
    } else {
      connection().run(create + " ENGINE = InnoDB AS SELECT " + names_of(shape) + " FROM " +
                       qualified(shape.name) + " WHERE FALSE");
    }
    made_ = shape.name;
  }

  void fill(const TableWrite& shape, RowFormat format,
            std::span<const std::string_view> rows) override {
    connection().query("DELETE FROM " + stage_);
    load(shape, format, stage_, rows);
  }

  bool load(const MendedTable& table, RowFormat format,
            std::span<const std::string_view> rows) override {
    load(table.rows, format, "", rows);
    return true;
  }

  // One by one: rows of these tables have no number.
  std::int64_t remove_whole(const MendedTable& table, RowFormat format,
                            std::span<const std::string_view> rows) override {
    std::int64_t removed = 0;
    const std::string name = qualified(table.standing.name);
    std::vector<std::string> terms;
    for (const ColumnWrite& column : table.standing.columns) {
      const std::string ours = name + "." + quote(column.name);
      const std::string staged = "s." + quote(column.name);
      terms.push_back(ours + " <=> " + staged);
      if (!looks_many_ways(column.type.kind)) continue;
      terms.push_back(as_bytes(ours) + " <=> " + as_bytes(staged));
    }
    for (const std::string_view row : rows) {
      fill(table.standing, format, {&row, 1});
      removed += change("DELETE FROM " + name + " WHERE EXISTS (SELECT 1 FROM " + stage_ +
                        " AS s WHERE " + sql::joined(terms, " AND ") + ") LIMIT 1");
    }
    return removed;
  }

  void commit() override {
    try {
      connection().run("COMMIT");
    } catch (const Error& error) {
      if (error.code() != "connection.lost") throw;
      throw Error(ErrorKind::ambiguous, "commit.unknown",
                  "the connection was lost while changes were being committed")
          .hint("run the same command again: it compares both sides anew");
    }
  }

 private:
  void load(const TableWrite& shape, RowFormat format, const std::string& goal,
            std::span<const std::string_view> rows) {
    loader_.about(shape, format, goal);
    Batch batch;
    for (const std::string_view row : rows) batch.append_row(row);
    if (rows.size() != 1) return loader_.append(batch);
    connection().run("SAVEPOINT rowferry_row");
    try {
      loader_.append(batch);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data) throw;
      connection().run("ROLLBACK TO SAVEPOINT rowferry_row");
      if (!loader_.insert_outside(rows[0])) throw;
    }
  }

  Connection& connection() { return session_.connection(); }
  bool session_lost() const { return const_cast<MysqlStage*>(this)->connection().lost(); }

  // By column, with the character set and collation of texts.
  std::map<std::string, std::string> types_of(const TableName& table) {
    std::map<std::string, std::string> types;
    for (const sql::Row& row :
         connection().query("SELECT column_name, column_type, character_set_name, collation_name"
                            " FROM information_schema.columns WHERE table_schema = " +
                            literal(table.schema) + " AND table_name = " + literal(table.table))) {
      std::string type = row[1].value_or("");
      if (row[2]) type += " CHARACTER SET " + *row[2] + " COLLATE " + row[3].value_or("");
      types[row[0].value_or("")] = std::move(type);
    }
    return types;
  }

  const Url url_;
  const EndOptions options_;
  Session session_;
  Loader loader_;
  std::string marks_;  // quoted, once it is there
  std::string stage_;  // quoted
  TableName made_;     // that the temporary table has the columns of
};

class UserHold final : public Hold {
 public:
  UserHold(const Url& url, const EndOptions& options) : connection_(url, options) {}

  // These locks are the server's, not a database's, and their names are short.
  bool take(const std::string& name) {
    const std::string whole = connection_.address().database + "." + name;
    return connection_.value("SELECT GET_LOCK(" + literal("rowferry sync " + fingerprint(whole)) +
                             ", 0)") == "1";
  }

  // Locks of this kind end with their session only.
  bool holds() override {
    try {
      return connection_.value("SELECT 1") == "1";
    } catch (const Error&) {
      return false;
    }
  }

 private:
  Connection connection_;
};

}  // namespace

sql::MendWords mend_words(const MendedTable& table) {
  return {.table = qualified(table.rows.name),
          .stage = "",
          .nowhere = " FROM DUAL",
          .joins = true,
          .quote = [](std::string_view text) { return quote(text); },
          .exactly =
              [](const ColumnWrite& column, const std::string& a, const std::string& b) {
                return looks_many_ways(column.type.kind) ? as_bytes(a) + " = " + as_bytes(b) : "";
              },
          .value = {},
          .spare = [name = qualified(table.rows.name)](
                       const ColumnWrite& column) { return spare(name, column); }};
}

std::unique_ptr<Mender> open_mender(const Url& url, const EndOptions& options) {
  return std::make_unique<sql::SqlMender>(std::make_unique<MysqlStage>(url, options));
}

std::unique_ptr<Hold> hold(const Url& url, const EndOptions& options,
                           const std::vector<std::string>& names) {
  auto held = std::make_unique<UserHold>(url, options);
  for (const std::string& name : names) {
    if (!held->take(name)) return nullptr;
  }
  return held;
}

}  // namespace rowferry::mysql
