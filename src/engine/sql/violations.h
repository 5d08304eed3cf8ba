#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"

// Queries that find the rows which stand in the way of a constraint, at most `most` rows each.
namespace rowferry::sql {

// The columns that name a row of `table` to people: its key, or all, and then `more`.
std::vector<std::string> shown_columns(const Table& table, const std::vector<std::string>& more);

std::vector<std::string> columns_of(const Index& index);

// "id=1, name=x": a row of a query for `names`.
std::string named(const std::vector<std::string>& names,
                  const std::vector<std::optional<std::string>>& row);

// Conditions that rows must meet to count; empty: all do.
struct Filters {
  std::string child;
  std::string parent;
};

// Rows of `table` whose foreign key has no counterpart (an anti-join), by shown_columns; all of
// them with `most` 0.
std::string orphans(const Dialect& dialect, const Table& table, const ForeignKey& key, int most,
                    const Filters& filters = {});
// Rows that share their values in a unique index with another, by shown_columns.
std::string duplicates(const Dialect& dialect, const Table& table, const Index& index, int most);
// Rows that break a check, by shown_columns.
std::string breaking(const Dialect& dialect, const Table& table, const Check& check, int most);

}  // namespace rowferry::sql
