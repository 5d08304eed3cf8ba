#include "engine/mysql/catalog.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>
#include <sstream>

#include "engine/mysql/dialect.h"
#include "engine/mysql/fit.h"
#include "engine/mysql/printed.h"
#include "engine/mysql/references.h"
#include "engine/mysql/types.h"
#include "engine/sql/ddl.h"

namespace rowferry::mysql {

namespace {

std::string text_of(const std::optional<std::string>& cell) {
  return cell.value_or("");
}

std::int64_t number(const std::optional<std::string>& cell) {
  return cell ? std::atoll(cell->c_str()) : 0;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Expression in_mysql(std::string text) {
  return {.text = std::move(text), .flavour = "mysql", .escapes = true};
}

// "NO ACTION" and "RESTRICT" are one to InnoDB, and either is printed where nothing was said.
std::string action_of(const std::string& text) {
  return text == "NO ACTION" || text == "RESTRICT" ? "" : text;
}

// One reading of a database's information_schema: a fixed number of queries, whatever it holds.
class Describer {
 public:
  Describer(Connection& connection, const std::function<bool(const TableName&)>& wanted)
      : connection_(connection),
        wanted_(wanted),
        database_(connection.address().database),
        here_(" = " + literal(database_)) {}

  Schema describe() {
    read_tables();
    read_columns();
    read_indexes();
    name_collations_of_keys();
    name_parsers();
    check_columns_seen();
    if (connection_.product() == Product::tidb) {
      read_row_ids();
      name_options_of_tidb();
      read_next_row_ids();
    }
    read_foreign_keys();
    read_checks();
    read_triggers();
    read_programs();
    for (auto& [name, table] : tables_) schema_.tables.push_back(std::move(table));
    return std::move(schema_);
  }

 private:
  Expression printed(const std::optional<std::string>& text) const {
    const bool escaped = connection_.product() == Product::mysql;
    return in_mysql(plain_strings(escaped ? unescaped(text_of(text)) : text_of(text)));
  }

  Table* find(const std::optional<std::string>& name) {
    const auto found = tables_.find(text_of(name));
    return found == tables_.end() ? nullptr : &found->second;
  }

  void read_tables() {
    for (const sql::Row& row : connection_.query(
             "SELECT table_name, table_type, engine, table_rows, data_length, auto_increment,"
             " table_collation, row_format, create_options, table_comment"
             " FROM information_schema.tables WHERE table_schema" +
             here_)) {
      const std::string name = text_of(row[0]);
      const bool own = name == "_rowferry_run" || name == "_rowferry_page";
      if (own || !wanted_({database_, name})) continue;
      const bool versioned = row[1] == "SYSTEM VERSIONED";
      if (row[1] != "BASE TABLE" && !versioned) {
        schema_.others.push_back(lower(text_of(row[1])) + " " + name);
        continue;
      }
      Table& table = tables_[name];
      table.name = {database_, name};
      table.rows = row[3] ? number(row[3]) : -1;
      table.bytes = number(row[4]);
      next_values_[name] = std::max<std::int64_t>(1, number(row[5]));
      collations_[name] = text_of(row[6]);
      set_options(row, table);
      if (versioned) table.notes.push_back("its history of versions is not carried");
      table.comment = text_of(row[9]);
    }
  }

  void set_options(const sql::Row& row, Table& table) {
    const std::string engine = text_of(row[2]);
    const std::string collation = text_of(row[6]);
    const std::string created = text_of(row[8]);
    table.options = "ENGINE=InnoDB";
    if (!collation.empty()) {
      table.options +=
          " DEFAULT CHARSET=" + collation.substr(0, collation.find('_')) + " COLLATE=" + collation;
    }
    std::istringstream options(created);
    for (std::string option; options >> option;) {
      const std::string small = lower(option);
      if (small == "partitioned") continue;
      if (small.starts_with("row_format=") || small.starts_with("key_block_size=")) {
        table.options += " " + option;
      } else {
        table.notes.push_back("table option " + option);
      }
    }
    if (engine != "InnoDB") {
      table.notes.push_back("engine " + engine + " is not kept; its rows are of no snapshot");
    }
    if (holds(created, "partitioned")) read_partitions(table);
  }

  // These servers print the clause last, some of them in a comment that all of them read.
  void read_partitions(Table& table) {
    const std::string text = shown_table(table.name);
    std::size_t at = text.find("PARTITION BY");
    if (at == std::string::npos) {
      table.notes.push_back("its partitions are not carried");
      return;
    }
    const std::size_t comment = text.rfind("/*!", at);
    if (comment != std::string::npos && at - comment < 12) at = comment;
    table.options += "\n" + text.substr(at);
    table.own_notes.push_back("its partitions are not carried");
  }

  void read_columns() {
    const bool tells_generated = connection_.product() == Product::mariadb;
    for (const sql::Row& row : connection_.query(
             "SELECT table_name, column_name, column_type, is_nullable, column_default, extra,"
             " collation_name, column_comment, generation_expression, " +
             std::string(connection_.product() == Product::mysql ? "srs_id" : "NULL") +
             " FROM information_schema.columns WHERE table_schema" + here_ +
             " ORDER BY table_name, ordinal_position")) {
      Table* table = find(row[0]);
      if (table == nullptr || row[8] == "ROW START" || row[8] == "ROW END") continue;
      Column column;
      column.name = text_of(row[1]);
      column.native = native_of(text_of(row[2]));
      column.nullable = row[3] == "YES";
      column.comment = text_of(row[7]);
      const std::string extra = text_of(row[5]);
      column.on_update = update_of(extra);
      if (holds(lower(extra), "invisible")) {
        table->notes.push_back("column " + column.name + ": becomes visible");
      }
      if (row[6] && text_of(row[6]) != collations_[table->name.table]) column.collation = *row[6];
      column.charset = odd_charset(text_of(row[6]));
      if (row[9]) table->notes.push_back("column " + column.name + ": SRID " + *row[9]);
      if (!text_of(row[8]).empty()) {
        column.generated =
            Generated{.stored = !holds(extra, "VIRTUAL"), .expression = printed(row[8])};
      } else if (holds(extra, "auto_increment")) {
        Identity identity;
        identity.sequence.next = next_values_[table->name.table];
        column.identity = std::move(identity);
      } else if (row[4] && !(tells_generated && row[4] == "NULL")) {
        column.default_value = in_mysql(default_of(column, *row[4], extra, tells_generated));
        const bool literal = !tells_generated && !holds(lower(extra), "default_generated");
        if (literal) correct_default(*table, column);
        if (holds(lower(*row[4]), "nextval(")) {
          table->notes.push_back("column " + column.name + ": default " + *row[4]);
          column.default_value.reset();
        }
      }
      column.type = to_type(column.native);
      column.rendered = only_here(column.native);
      table->columns.push_back(std::move(column));
    }
  }

  // MySQL tells the bytes of a default up to the first zero only, and a moment in the zone of
  // whoever made the table; SHOW CREATE TABLE has both right.
  void correct_default(const Table& table, Column& column) {
    const bool wrong = holds(column.native, "binary") || column.native.starts_with("timestamp");
    if (!wrong || connection_.product() != Product::mysql) return;
    const std::string shown = shown_table(table.name);
    const std::size_t line = shown.find("\n  " + quote(column.name) + " ");
    static constexpr std::string_view kDefault = " DEFAULT ";
    const std::size_t at = line == std::string::npos ? line : shown.find(kDefault, line);
    if (at == std::string::npos) return;
    column.default_value->text = first_literal(shown.substr(at + kDefault.size()));
  }

  // 'it''s' or 0x00ff at the beginning of `text`.
  static std::string first_literal(const std::string& text) {
    if (!text.starts_with("'")) return text.substr(0, text.find_first_of(" ,\n"));
    std::size_t end = 1;
    while (end < text.size() && (text[end] != '\'' || text.substr(end, 2) == "''")) {
      end += text[end] == '\\' || text[end] == '\'' ? 2 : 1;
    }
    return text.substr(0, end + 1);
  }

  // TiDB does not escape the labels of an enum when it prints them.
  std::string native_of(const std::string& printed) const {
    if (connection_.product() != Product::tidb) return plain_native(printed);
    std::string text;
    for (const char c : printed) text += c == '\\' ? "\\\\" : std::string(1, c);
    return plain_native(text);
  }

  // Character sets that have signs Unicode has not, or that keep whatever bytes they are given.
  static std::string odd_charset(const std::string& collation) {
    static constexpr std::array<std::string_view, 9> kWhole = {
        "", "utf8mb4", "utf8mb3", "utf8", "ucs2", "utf16", "utf16le", "utf32", "latin1"};
    const std::string charset = collation.substr(0, collation.find('_'));
    const bool whole = std::find(kWhole.begin(), kWhole.end(), charset) != kWhole.end();
    return whole ? "" : charset;
  }

  // What follows "on update " in EXTRA.
  static std::string update_of(const std::string& extra) {
    static constexpr std::string_view kUpdate = "on update ";
    const std::size_t at = lower(extra).find(kUpdate);
    return at == std::string::npos ? "" : extra.substr(at + kUpdate.size());
  }

  static std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
  }

  // MariaDB prints an expression; MySQL the bare text of a literal, and says when it is none.
  static std::string default_of(const Column& column, const std::string& text,
                                const std::string& extra, bool is_expression) {
    // TiDB does not say so, and its moments have no other default of this name.
    const Kind type = to_type(column.native).kind;
    const bool moment = type == Kind::timestamp || type == Kind::timestamptz;
    const bool generated = is_expression || moment || holds(lower(extra), "default_generated");
    if (generated && lower(text).starts_with("current_timestamp"))
      return text.ends_with("()") ? "CURRENT_TIMESTAMP" : text;
    if (is_expression) return plain_strings(text);
    if (holds(lower(extra), "default_generated")) {
      return "(" + plain_strings(unescaped(text)) + ")";
    }
    const Kind kind = to_type(column.native).kind;
    const bool bare = kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64 ||
                      kind == Kind::decimal || kind == Kind::float32 || kind == Kind::float64 ||
                      kind == Kind::bits || (kind == Kind::bytes && text.starts_with("0x"));
    return bare ? text : literal(text);
  }

  void read_indexes() {
    const bool has_expressions = connection_.product() != Product::mariadb;
    const std::string expression = has_expressions ? "expression" : "NULL";
    const bool tells_ignored =
        connection_.product() == Product::mariadb && connection_.version() >= 100600;
    const std::string hidden = has_expressions ? "is_visible = 'NO'"
                               : tells_ignored ? "ignored = 'YES'"
                                               : "0";
    for (const sql::Row& row : connection_.query(
             "SELECT table_name, index_name, non_unique, column_name, collation, sub_part,"
             " index_type, " +
             expression + ", " + hidden +
             ", index_comment FROM information_schema.statistics WHERE table_schema" + here_ +
             " ORDER BY table_name, index_name, seq_in_index")) {
      Table* table = find(row[0]);
      if (table == nullptr) continue;
      Index& index = index_named(*table, text_of(row[1]));
      index.unique = row[2] == "0";
      const std::string type = text_of(row[6]);
      if (type == "FULLTEXT" || type == "SPATIAL") index.method = type;
      if (row[8] == "1" && index.parts.empty()) {
        table->notes.push_back("index " + index.name + ": becomes visible to the optimiser");
      }
      index.comment = text_of(row[9]);
      if (row[1] == "PRIMARY" && !index.comment.empty() && index.parts.empty()) {
        table->notes.push_back("comment '" + index.comment + "' of the primary key");
      }
      IndexPart part;
      part.column = text_of(row[3]);
      if (part.column.empty()) part.expression = printed(row[7]);
      part.descending = row[4] == "D";
      if (row[5] && index.method.empty()) part.operator_class = "(" + *row[5] + ")";
      index.parts.push_back(std::move(part));
      index.constraint = index.unique && is_plain(index);
    }
  }

  // What the standard calls a unique constraint: whole columns, going up.
  static bool is_plain(const Index& index) {
    return std::all_of(index.parts.begin(), index.parts.end(), [](const IndexPart& part) {
      return !part.column.empty() && !part.descending && part.operator_class.empty();
    });
  }

  // How TiDB lays its tables out, and which keys it draws at random.
  void read_row_ids() {
    for (const sql::Row& row :
         connection_.query("SELECT table_name, tidb_pk_type, tidb_row_id_sharding_info"
                           " FROM information_schema.tables WHERE table_schema" +
                           here_)) {
      Table* table = find(row[0]);
      if (table == nullptr || !table->primary_key) continue;
      table->primary_key->method = text_of(row[1]);
      const std::string sharding = text_of(row[2]);
      static constexpr std::string_view kRandom = "PK_AUTO_RANDOM_BITS=";
      if (!sharding.starts_with(kRandom)) continue;
      Identity identity;
      identity.sequence.native = "AUTO_RANDOM(" +
                                 std::to_string(std::atoi(sharding.c_str() + kRandom.size())) +
                                 range_of(sharding) + ")";
      for (Column& column : table->columns) {
        if (column.name != table->primary_key->parts.at(0).column) continue;
        const std::string largest = connection_.value("SELECT MAX(" + quote(column.name) +
                                                      ") FROM " + qualified(table->name));
        identity.sequence.next = std::atoll(largest.c_str()) + 1;
        column.identity = identity;
        table->own_notes.push_back(counts_instead(column));
      }
    }
  }

  // ", 54" of "PK_AUTO_RANDOM_BITS=5, RANGE BITS=54"; 64 is what is not said.
  static std::string range_of(const std::string& sharding) {
    static constexpr std::string_view kRange = "RANGE BITS=";
    const std::size_t at = sharding.find(kRange);
    const int bits =
        at == std::string::npos ? 64 : std::atoi(sharding.c_str() + at + kRange.size());
    return bits == 64 ? "" : ", " + std::to_string(bits);
  }

  // information_schema knows nothing of numbers that were given rather than drawn.
  void read_next_row_ids() {
    for (auto& [name, table] : tables_) {
      for (Column& column : table.columns) {
        if (!column.identity || is_random(column)) continue;
        std::int64_t& next = column.identity->sequence.next;
        for (const sql::Row& row :
             connection_.query("SHOW TABLE " + qualified(table.name) + " NEXT_ROW_ID")) {
          next = std::max(next, number(row[3]));
        }
      }
    }
  }

  static Index& index_named(Table& table, const std::string& name) {
    if (name == "PRIMARY") {
      if (!table.primary_key) {
        table.primary_key = Index{};
      }
      return *table.primary_key;
    }
    if (table.indexes.empty() || table.indexes.back().name != name) {
      table.indexes.push_back({});
      table.indexes.back().name = name;
    }
    return table.indexes.back();
  }

  void read_foreign_keys() {
    for (const sql::Row& row : connection_.query(
             "SELECT k.table_name, k.constraint_name, k.column_name, k.referenced_table_schema,"
             " k.referenced_table_name, k.referenced_column_name, r.update_rule, r.delete_rule"
             " FROM information_schema.key_column_usage k"
             " LEFT JOIN information_schema.referential_constraints r"
             " ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name"
             " AND r.constraint_name = k.constraint_name WHERE k.table_schema" +
             here_ + " AND k.constraint_schema" + here_ +
             " AND k.referenced_table_name IS NOT NULL"
             " ORDER BY k.table_name, k.constraint_name, k.ordinal_position")) {
      Table* table = find(row[0]);
      if (table == nullptr) continue;
      auto& keys = table->foreign_keys;
      if (keys.empty() || keys.back().name != text_of(row[1])) {
        keys.push_back({});
        keys.back().name = text_of(row[1]);
        keys.back().to = {text_of(row[3]), text_of(row[4])};
        if (row[6]) {
          keys.back().on_update = action_of(text_of(row[6]));
          keys.back().on_delete = action_of(text_of(row[7]));
        } else {  // MariaDB tells the rules to those only who may do more than SELECT
          read_actions(table->name, keys.back());
        }
      }
      keys.back().columns.push_back(text_of(row[2]));
      keys.back().to_columns.push_back(text_of(row[5]));
    }
  }

  void read_actions(const TableName& table, ForeignKey& key) {
    const std::string shown = shown_table(table);
    const std::size_t at = shown.find("CONSTRAINT " + quote(key.name) + " FOREIGN KEY");
    if (at == std::string::npos) return;
    const std::string line = shown.substr(at, shown.find('\n', at) - at);
    const auto action = [&](const std::string& event) -> std::string {
      const std::size_t found = line.rfind(event);
      if (found == std::string::npos) return "";
      const std::string rest = line.substr(found + event.size());
      for (const char* known : {"CASCADE", "SET NULL", "SET DEFAULT"}) {
        if (rest.starts_with(known)) return known;
      }
      return "";
    };
    key.on_update = action(" ON UPDATE ");
    key.on_delete = action(" ON DELETE ");
  }

  std::string shown_table(const TableName& table) {
    const sql::Rows shown = connection_.query("SHOW CREATE TABLE " + qualified(table));
    return shown.empty() ? "" : text_of(shown[0].at(1));
  }

  // Which keys go by more than the bytes of a text, where no other note says it.
  void name_collations_of_keys() {
    for (auto& [name, table] : tables_) {
      const std::string& collation = collations_[name];
      if (!collation.ends_with("_ci")) continue;
      std::set<std::string> columns;
      const auto add = [&](const Index& index) {
        for (const IndexPart& part : index.parts) columns.insert(part.column);
      };
      if (table.primary_key) add(*table.primary_key);
      for (const Index& index : table.indexes) {
        if (index.unique) add(index);
      }
      for (const Column& column : table.columns) {
        const bool text = column.type.kind == Kind::text && column.collation.empty();
        if (!text || columns.count(column.name) == 0) continue;
        table.own_notes.push_back("column " + column.name + ": collation " + collation);
      }
    }
  }

  void name_parsers() {
    for (auto& [name, table] : tables_) {
      const bool any = std::any_of(table.indexes.begin(), table.indexes.end(),
                                   [](const Index& index) { return index.method == "FULLTEXT"; });
      if (!any || !holds(shown_table(table.name), "WITH PARSER")) continue;
      table.notes.push_back("the parser of a full-text index");
    }
  }

  // A user who may read some columns of a table is not told of the others.
  void check_columns_seen() {
    for (const sql::Row& row :
         connection_.query("SELECT DISTINCT table_name FROM information_schema.column_privileges"
                           " WHERE table_schema" +
                           here_)) {
      Table* table = find(row[0]);
      if (table == nullptr) continue;
      try {
        connection_.query("SELECT * FROM " + qualified(table->name) + " LIMIT 0");
      } catch (Error& error) {
        if (error.kind() != ErrorKind::auth) throw;
        throw Error(ErrorKind::auth, "mysql.columns", "this user may not read every column")
            .at("table " + to_string(table->name))
            .hint("grant SELECT on the whole table, or leave it out with --exclude");
      }
    }
  }

  void name_options_of_tidb() {
    for (auto& [name, table] : tables_) {
      const std::string shown = shown_table(table.name);
      for (const char* option : {"TTL=", "AUTO_ID_CACHE=", "SHARD_ROW_ID_BITS="}) {
        if (holds(shown, option)) table.notes.push_back("table option " + std::string(option));
      }
    }
  }

  void read_checks() {
    if (connection_.product() == Product::tidb) return read_checks_of_tidb();
    const bool mariadb = connection_.product() == Product::mariadb;
    const std::string sql =
        mariadb ? "SELECT table_name, constraint_name, check_clause, level"
                  " FROM information_schema.check_constraints WHERE constraint_schema" +
                      here_ + " ORDER BY table_name, constraint_name"
                : "SELECT t.table_name, c.constraint_name, c.check_clause, t.enforced"
                  " FROM information_schema.check_constraints c"
                  " JOIN information_schema.table_constraints t"
                  " ON t.constraint_schema = c.constraint_schema"
                  " AND t.constraint_name = c.constraint_name WHERE c.constraint_schema" +
                      here_ + " ORDER BY 1, 2";
    for (const sql::Row& row : connection_.query(sql)) {
      Table* table = find(row[0]);
      if (table == nullptr) continue;
      const std::string name = text_of(row[1]);
      if (row[3] == "NO") {
        table->notes.push_back("check " + name + ": " + printed(row[2]).text + ", not enforced");
        continue;
      }
      const bool of_column = row[3] == "Column";
      const bool unnamed = of_column || (mariadb && name.starts_with("CONSTRAINT_"));
      if (of_column && is_json(*table, name, text_of(row[2]))) continue;
      table->checks.push_back({.name = unnamed ? "" : name, .expression = printed(row[2])});
      if (mariadb && is_period(*table, name, text_of(row[2]))) {
        table->notes.push_back("period " + name + ", and that its rows do not overlap");
      }
    }
  }

  // MariaDB shows PERIOD FOR t (a, b) as a check `a` < `b` of its name.
  bool is_period(const Table& table, const std::string& name, const std::string& clause) {
    const bool alike = clause.starts_with('`') && clause.ends_with('`') && holds(clause, "` < `");
    return alike && holds(shown_table(table.name), "PERIOD FOR " + quote(name));
  }

  void read_checks_of_tidb() {
    constexpr int kFirst = 70200;
    if (connection_.version() < kFirst) return;
    for (const sql::Row& row : connection_.query(
             "SELECT table_name, constraint_name, check_clause"
             " FROM information_schema.tidb_check_constraints WHERE constraint_schema" +
             here_ + " ORDER BY 1, 2")) {
      Table* table = find(row[0]);
      if (table == nullptr) continue;
      table->checks.push_back({.name = text_of(row[1]), .expression = printed(row[2])});
    }
  }

  // MariaDB's JSON is LONGTEXT with a check of its own.
  bool is_json(Table& table, const std::string& column, const std::string& clause) {
    if (clause != "json_valid(" + quote(column) + ")") return false;
    for (Column& one : table.columns) {
      if (one.name != column || one.native != "longtext") continue;
      const std::string& own = one.collation;
      if ((own.empty() ? collations_[table.name.table] : own) != "utf8mb4_bin") return false;
      one.native = "json";
      one.type = to_type(one.native);
      one.collation.clear();
      return true;
    }
    return false;
  }

  void read_triggers() {
    for (const sql::Row& row : connection_.query(
             "SELECT event_object_table, trigger_name FROM information_schema.triggers"
             " WHERE trigger_schema" +
             here_)) {
      Table* table = find(row[0]);
      if (table == nullptr) continue;
      // No session can put a trigger aside on these servers.
      table->triggers = Table::Triggers::always;
      schema_.others.push_back("trigger " + text_of(row[1]) + " on " + text_of(row[0]));
    }
  }

  void read_programs() {
    for (const sql::Row& row : connection_.query(
             "SELECT LOWER(routine_type), routine_name FROM information_schema.routines"
             " WHERE routine_schema" +
             here_ +
             " UNION ALL SELECT 'event', event_name FROM information_schema.events"
             " WHERE event_schema" +
             here_ + " ORDER BY 1, 2")) {
      schema_.others.push_back(text_of(row[0]) + " " + text_of(row[1]));
    }
  }

  Connection& connection_;
  const std::function<bool(const TableName&)>& wanted_;
  const std::string database_;
  const std::string here_;
  std::map<std::string, Table> tables_;
  std::map<std::string, std::int64_t> next_values_;
  std::map<std::string, std::string> collations_;
  Schema schema_;
};

}  // namespace

void MysqlCatalog::execute(std::string_view sql) {
  connection_.run("START TRANSACTION");
  try {
    connection_.run(sql);
  } catch (const Error&) {
    if (!connection_.lost()) connection_.run("ROLLBACK");
    throw;
  }
  connection_.run("COMMIT");
}

void MysqlCatalog::check_drop(const std::vector<TableName>& tables) {
  std::vector<std::string> names;
  for (const TableName& table : tables) names.push_back(qualified(table));
  check_references(connection_, names);
}

Schema MysqlCatalog::describe(const std::function<bool(const TableName&)>& wanted) {
  return Describer(connection_, wanted).describe();
}

}  // namespace rowferry::mysql
