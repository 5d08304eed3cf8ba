#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/engine.h"

// Statements that change rows of a table to what a temporary table with rows of the same columns
// says, or to values that stand in the statement itself. Pure functions of values.
namespace rowferry::sql {

// What differs from server to server.
struct MendWords {
  std::string table;  // quoted
  std::string stage;  // the temporary table, quoted; empty: values stand in the statement
  std::string insert = "INSERT INTO ";
  std::string update = "UPDATE ";
  std::string only = "";        // before the name of a table that others inherit from
  std::string overriding = "";  // before SELECT, so that a column that numbers itself takes a value
  std::string nowhere = "";     // behind SELECT of values that stand in no table
  bool joins = false;           // UPDATE t JOIN s, and DELETE t FROM t JOIN s
  bool finds_keys = false;      // rows to delete are told by a list of keys
  std::function<std::string(std::string_view)> quote;
  // What must hold besides = for both to be the same, sign for sign; empty: nothing.
  std::function<std::string(const ColumnWrite&, const std::string&, const std::string&)> exactly;
  // A value of the temporary table as one of the column.
  std::function<std::string(const ColumnWrite&, const std::string&)> value;
  // The same for a value that the column is compared with; none: as above.
  std::function<std::string(const ColumnWrite&, const std::string&)> sought = {};
  // What no row has in the column, for a place that has to be free; empty: there is no such.
  std::function<std::string(const ColumnWrite&)> spare;
};

// `step` as one statement; empty where it sets no column. Not for rows that are named by all of
// their columns and removed.
std::string mend_text(const MendWords& words, Mender::Step step, const MendedTable& table,
                      const std::vector<int>& columns);

// Gives rows the key that the temporary table has for them, where it is the same to the server
// only.
std::string take_over_keys(const MendWords& words, const MendedTable& table);

// A row for each that was to be removed and is there still.
std::string select_kept(const MendWords& words, const MendedTable& table);

// Inserts the rows whose keys the server finds nowhere.
std::string insert_missing(const MendWords& words, const MendedTable& table);

// The columns that `park` puts other values into: one of each unique key that is not the key.
std::vector<int> parked_columns(const MendedTable& table);

}  // namespace rowferry::sql
