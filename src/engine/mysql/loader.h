#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/mysql/connection.h"
#include "engine/mysql/field.h"

namespace rowferry::mysql {

// Rows on their way into a table: by LOAD DATA LOCAL, or by strict INSERT where the server refuses
// LOCAL. LOAD DATA never fails on a bad value: it changes it and warns. So the rows taken and the
// warnings are compared after each. Borrows the connection.
class Loader {
 public:
  explicit Loader(Connection& connection);

  // What the rows are like that follow. They go into `goal`, which has columns like those of the
  // table `rows` names; empty: into that table itself. Borrowed. Throws Error{schema} for a table
  // that knows no transactions.
  void about(const TableWrite& rows, RowFormat format, const std::string& goal = "");

  void append(const Batch& batch);
  // By INSERT.
  void insert(std::string_view rows_of_cells);
  // Inserts, in a transaction, a row whose only fault is that enums in it have a value which is
  // none of their labels, as at the source. False, and nothing done, for any other.
  bool insert_outside(std::string_view row);
  const std::vector<Field>& fields() const { return fields_; }

 private:
  struct KnownColumn {
    std::string charset;
    bool nullable = true;
    bool numbered = false;  // AUTO_INCREMENT
  };

  // One row, as INSERT takes its values: "(1, 'a')".
  std::string values_of(CellCursor& cursor) const;
  std::string insert_head() const;
  void look_at_table();
  void choose_fields(RowFormat format);
  void prepare_load();
  void load(const Batch& batch);
  void check_taken(std::int64_t rows);
  void check_null(const Field& field) const;
  void check_size(const std::string& statement) const;
  void fill(const Batch& batch);

  Connection& connection_;
  const TableWrite* table_ = nullptr;
  std::string goal_;  // quoted
  std::map<std::string, KnownColumn> known_columns_;
  bool computes_ = false;  // the table has generated columns
  TableName known_;        // the table that these are about
  std::vector<Field> fields_;
  std::string load_;  // the statement
  std::string data_;  // what it reads
  bool local_ = true;
  std::size_t packet_ = 0;
};

}  // namespace rowferry::mysql
