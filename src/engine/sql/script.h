#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "engine/sql/mend_text.h"

// Statements that change rows, with the rows' values in them, for a server's own client. Pure text:
// nothing is run.
namespace rowferry::sql {

// A row as literals, by place: to be put into its columns, and to be compared with them.
struct PrintedRow {
  std::vector<std::string> stored;
  std::vector<std::string> sought;
};

// Prints rows of one table. Belongs to one thread.
class RowPrinter {
 public:
  virtual ~RowPrinter() = default;
  // Throws Error{data} for a value that the server does not hold.
  virtual PrintedRow print(std::string_view row) = 0;
};

// What has to be known of rows to print them.
struct PrintedShape {
  const Table& target;
  const TableWrite& rows;
  RowFormat format = RowFormat::cells;
  std::vector<Kind> kinds;  // of the cells
};

// What scripts say in the words of one kind of server.
class ScriptWords {
 public:
  virtual ~ScriptWords() = default;
  // Lines that pin what the meaning of the rest depends on, and end the script at its first error.
  virtual std::vector<std::string> head() const = 0;
  virtual std::string begin() const { return "BEGIN"; }
  virtual std::unique_ptr<RowPrinter> printer(const PrintedShape& shape) const = 0;
  // What statements over the table say, without their values.
  virtual MendWords words(const MendedTable& table) const = 0;
  // A change of keys to what the server takes for the same, with what has to stand around it.
  virtual std::vector<std::string> renamed(std::string sql) const { return {std::move(sql)}; }
  // Removes one row that is the printed one in all columns. Throws Error{schema}.
  virtual std::string remove_one(const MendedTable& table, const PrintedRow& row) const = 0;
};

// Statements about one table, without semicolons at their ends.
class RowStatements {
 public:
  // Borrows all of it.
  RowStatements(const ScriptWords& words, const Table& target, const MendedTable& mended,
                std::vector<Kind> kinds, std::vector<Kind> standing_kinds);

  // What `step` does to one row; empty where it sets no column. `free`: places that get NULL
  // instead of their value.
  std::vector<std::string> text(Mender::Step step, const std::vector<int>& columns,
                                std::string_view row, const std::vector<int>& free = {});
  // Sets NULL in the columns of a row that is to be removed.
  std::string cut_loose(const std::vector<int>& columns, std::string_view row);
  // "INSERT INTO t (a, b) VALUES", and the row that stands behind it.
  std::string insert_head() const;
  std::string insert_row(std::string_view row, const std::vector<int>& free = {});
  // Whether a row about to be parked keeps its value in the column.
  bool stays(int place) const;

 private:
  PrintedRow print(bool standing, std::string_view row, const std::vector<int>& free);

  const ScriptWords& words_;
  const MendedTable& mended_;
  MendWords text_;
  std::unique_ptr<RowPrinter> rows_;
  std::unique_ptr<RowPrinter> standing_;
  PrintedRow now_;
};

// `text` in one line, behind what makes a comment of it.
std::string comment(std::string_view text);

}  // namespace rowferry::sql
