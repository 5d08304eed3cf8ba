#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "engine/mysql/connection.h"

namespace rowferry::mysql {

// One reading of a database's information_schema: a fixed number of queries, whatever it holds, but
// for what only SHOW tells: partitions, parsers, and TiDB's options and numbers.
class Describer {
 public:
  // Both must outlive this object.
  Describer(Connection& connection, const std::function<bool(const TableName&)>& wanted);

  // Once. Throws Error{auth, "mysql.columns"} where the user may read only part of a table.
  Schema describe();

 private:
  Expression printed(const std::optional<std::string>& text) const;
  Table* find(const std::optional<std::string>& name);
  void read_tables();
  void set_options(const sql::Row& row, Table& table);
  void read_partitions(Table& table);
  std::string shown_table(const TableName& table);
  void check_columns_seen();
  void read_triggers();
  void read_programs();

  // Columns.
  void read_columns();
  void correct_default(const Table& table, Column& column);
  std::string native_of(const std::string& printed) const;
  void name_unsigned();

  // Indexes, foreign keys and checks.
  void read_indexes();
  void read_foreign_keys();
  void read_actions(Table& table, ForeignKey& key);
  void name_collations_of_keys();
  void name_parsers();
  void read_checks();
  bool is_period(const Table& table, const std::string& name, const std::string& clause);
  bool is_json(Table& table, const std::string& column, const std::string& clause);

  // What information_schema tells with question marks for bytes and rare signs.
  void restore_signs();
  void restore_expressions(Table& table);
  void restore_labels(Table& table);
  void restore_literals(Table& table);

  // What only TiDB has.
  void read_row_ids();
  void read_next_row_ids();
  void name_options_of_tidb();
  void read_checks_of_tidb();

  Connection& connection_;
  const std::function<bool(const TableName&)>& wanted_;
  const std::string database_;
  const std::string here_;
  std::map<std::string, Table> tables_;
  std::map<std::string, std::int64_t> next_values_;
  std::map<std::string, std::string> collations_;
  Schema schema_;
};

}  // namespace rowferry::mysql
