#include "engine/mysql/describer.h"

#include <sstream>

#include "engine/mysql/cells.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/printed.h"

namespace rowferry::mysql {

Describer::Describer(Connection& connection, const std::function<bool(const TableName&)>& wanted)
    : connection_(connection),
      wanted_(wanted),
      database_(connection.address().database),
      here_(" = " + literal(database_)) {}

Schema Describer::describe() {
  read_tables();
  read_columns();
  read_indexes();
  name_collations_of_keys();
  name_unsigned();
  name_parsers();
  check_columns_seen();
  if (connection_.product() == Product::tidb) {
    read_row_ids();
    name_options_of_tidb();
    read_next_row_ids();
  }
  read_foreign_keys();
  read_checks();
  restore_signs();
  read_triggers();
  read_programs();
  schema_.tables.reserve(tables_.size());
  for (auto& [name, table] : tables_) {
    table.columns.shrink_to_fit();
    schema_.tables.push_back(std::move(table));
  }
  return std::move(schema_);
}

Expression Describer::printed(const std::optional<std::string>& text) const {
  const bool odd = connection_.product() == Product::mysql;
  return in_mysql(plain_strings(odd ? unescaped(recoded(text_of(text))) : text_of(text)));
}

Table* Describer::find(const std::optional<std::string>& name) {
  const auto found = tables_.find(text_of(name));
  return found == tables_.end() ? nullptr : &found->second;
}

void Describer::read_tables() {
  std::vector<Table*> partitioned;
  connection_.each(
      "SELECT table_name, table_type, engine, table_rows, data_length, auto_increment,"
      " table_collation, row_format, create_options, table_comment"
      " FROM information_schema.tables WHERE table_schema" +
          here_,
      [&](const sql::Row& row) {
        const std::string name = text_of(row[0]);
        const bool own =
            name == "_rowferry_run" || name == "_rowferry_page" || name == "_rowferry_sync_marks";
        if (own || !wanted_({database_, name})) return;
        const bool versioned = row[1] == "SYSTEM VERSIONED";
        if (row[1] != "BASE TABLE" && !versioned) {
          schema_.others.push_back(lower(text_of(row[1])) + " " + name);
          return;
        }
        Table& table = tables_[name];
        table.name = {database_, name};
        table.rows = row[3] ? number_of(row[3]) : -1;
        table.bytes = number_of(row[4]);
        next_values_[name] = std::max<std::int64_t>(1, number_of(row[5]));
        collations_[name] = text_of(row[6]);
        set_options(row, table);
        if (holds(text_of(row[8]), "partitioned")) partitioned.push_back(&table);
        if (versioned) table.notes.push_back("its history of versions is not carried");
        table.comment = text_of(row[9]);
      });
  for (Table* table : partitioned) read_partitions(*table);
}

void Describer::set_options(const sql::Row& row, Table& table) {
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
    const bool kept = small.starts_with("row_format=") || small.starts_with("key_block_size=");
    if (kept && engine == "InnoDB") {
      table.options += " " + option;
    } else {
      table.notes.push_back("table option " + option);
    }
  }
  if (engine != "InnoDB") {
    table.notes.push_back("engine " + engine + " is not kept; its rows are of no snapshot");
  }
}

// These servers print the clause last, some of them in a comment that all of them read.
void Describer::read_partitions(Table& table) {
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

std::string Describer::shown_table(const TableName& table) {
  const sql::Rows shown = connection_.query("SHOW CREATE TABLE " + qualified(table));
  return shown.empty() ? "" : text_of(shown[0].at(1));
}

// A user who may read some columns of a table is not told of the others.
void Describer::check_columns_seen() {
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

void Describer::read_triggers() {
  for (const sql::Row& row :
       connection_.query("SELECT event_object_table, trigger_name FROM information_schema.triggers"
                         " WHERE trigger_schema" +
                         here_)) {
    Table* table = find(row[0]);
    if (table == nullptr) continue;
    // No session can put a trigger aside on these servers.
    table->triggers = Table::Triggers::always;
    schema_.others.push_back("trigger " + text_of(row[1]) + " on " + text_of(row[0]));
  }
}

void Describer::read_programs() {
  for (const sql::Row& row :
       connection_.query("SELECT LOWER(routine_type), routine_name FROM information_schema.routines"
                         " WHERE routine_schema" +
                         here_ +
                         " UNION ALL SELECT 'event', event_name FROM information_schema.events"
                         " WHERE event_schema" +
                         here_ + " ORDER BY 1, 2")) {
    schema_.others.push_back(text_of(row[0]) + " " + text_of(row[1]));
  }
}

}  // namespace rowferry::mysql
