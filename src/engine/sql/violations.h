#pragma once

#include <string>

#include "engine/engine.h"

// Queries that find the rows which stand in the way of a constraint. Each returns the columns of the
// constraint as text, at most `most` rows.
namespace rowferry::sql {

// Rows of `table` whose foreign key has no counterpart (an anti-join).
std::string orphans(const Dialect& dialect, const Table& table, const ForeignKey& key, int most);
// Keys that stand more than once, with their number.
std::string duplicates(const Dialect& dialect, const Table& table, const Index& index, int most);
// Rows that break a check, by the columns of `key`.
std::string breaking(const Dialect& dialect, const Table& table, const Check& check, int most);

}  // namespace rowferry::sql
