#include "engine/mysql/describer.h"

#include <algorithm>
#include <set>

#include "engine/mysql/cells.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/types.h"

namespace rowferry::mysql {

namespace {

// "NO ACTION" and "RESTRICT" are one to InnoDB, and either is printed where nothing was said.
std::string action_of(const std::string& text) {
  return text == "NO ACTION" || text == "RESTRICT" ? "" : text;
}

// What the standard calls a unique constraint: whole columns, going up.
bool is_plain(const Index& index) {
  return std::all_of(index.parts.begin(), index.parts.end(), [](const IndexPart& part) {
    return !part.column.empty() && !part.descending && part.operator_class.empty();
  });
}

// CONSTRAINT_1, as MariaDB calls a check that nobody named.
bool is_numbered(const std::string& name) {
  static constexpr std::string_view kPrefix = "CONSTRAINT_";
  return name.starts_with(kPrefix) && name.size() > kPrefix.size() &&
         name.find_first_not_of("0123456789", kPrefix.size()) == std::string::npos;
}

Index& index_named(Table& table, const std::string& name) {
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

}  // namespace

void Describer::read_indexes() {
  const bool has_expressions = connection_.product() != Product::mariadb;
  const std::string expression = has_expressions ? "expression" : "NULL";
  const bool tells_ignored =
      connection_.product() == Product::mariadb && connection_.version() >= 100600;
  const std::string hidden = has_expressions ? "is_visible = 'NO'"
                             : tells_ignored ? "ignored = 'YES'"
                                             : "0";
  std::string sql = "SELECT table_name, index_name, non_unique, column_name, collation, sub_part,";
  sql.append(" index_type, ").append(expression).append(", ").append(hidden);
  sql.append(", index_comment FROM information_schema.statistics WHERE table_schema").append(here_);
  sql.append(" ORDER BY table_name, index_name, seq_in_index");
  connection_.each(sql, [&](const sql::Row& row) {
    Table* table = find(row[0]);
    if (table == nullptr) return;
    // The end of a row's time is part of every key of a table that keeps its history.
    if (row[3] && find_column(*table, *row[3]) == nullptr) return;
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
  });
}

void Describer::read_foreign_keys() {
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
        read_actions(*table, keys.back());
      }
    }
    keys.back().columns.push_back(text_of(row[2]));
    keys.back().to_columns.push_back(text_of(row[5]));
  }
}

void Describer::read_actions(Table& table, ForeignKey& key) {
  const std::string shown = shown_table(table.name);
  const std::size_t at = shown.find("CONSTRAINT " + quote(key.name) + " FOREIGN KEY");
  if (at == std::string::npos) {
    table.notes.push_back("foreign key " + key.name + ": what it does ON UPDATE and ON DELETE");
    return;
  }
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

// Which keys go by more than the bytes of a text, where no other note says it.
void Describer::name_collations_of_keys() {
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

void Describer::name_parsers() {
  for (auto& [name, table] : tables_) {
    const bool any = std::any_of(table.indexes.begin(), table.indexes.end(),
                                 [](const Index& index) { return index.method == "FULLTEXT"; });
    if (!any || !holds(shown_table(table.name), "WITH PARSER")) continue;
    table.notes.push_back("the parser of a full-text index");
  }
}

void Describer::read_checks() {
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
    const bool unnamed = of_column || (mariadb && is_numbered(name));
    if (of_column && is_json(*table, name, text_of(row[2]))) continue;
    table->checks.push_back({.name = unnamed ? "" : name, .expression = printed(row[2])});
    if (mariadb && is_period(*table, name, text_of(row[2]))) {
      table->notes.push_back("period " + name + ", and that its rows do not overlap");
    }
  }
}

// MariaDB shows PERIOD FOR t (a, b) as a check `a` < `b` of its name.
bool Describer::is_period(const Table& table, const std::string& name, const std::string& clause) {
  const bool alike = clause.starts_with('`') && clause.ends_with('`') && holds(clause, "` < `");
  return alike && holds(shown_table(table.name), "PERIOD FOR " + quote(name));
}

// MariaDB's JSON is LONGTEXT with a check of its own.
bool Describer::is_json(Table& table, const std::string& column, const std::string& clause) {
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

}  // namespace rowferry::mysql
