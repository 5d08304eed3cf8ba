#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"

// What quick syncs ask of servers: how far a table reaches, and which of its rows have changed.
namespace rowferry::sql {

// What a dialect says for that besides Dialect's own words. A value, as the dialect is.
class MarkWords {
 public:
  virtual ~MarkWords() = default;
  // What the rows of the table itself are read from, after FROM.
  virtual std::string rows_of(const Table& table) const = 0;
  // A value of the column as bounds of a cut have it.
  virtual std::string bound_text(const Column& column) const = 0;
  // And back: what a bound has, as a value of the column's type.
  virtual std::string bound_value(const Column& column, const std::string& text) const = 0;
  // The column as what orders as times do; NULL where that is not known of a value.
  virtual std::string moment(const Column& column) const = 0;
};

// The highest key of the table, a column for each of the cut's, as a bound has them.
std::string select_highest(const Dialect& dialect, const Table& table, const Cut& cut);

// The latest time of a row that is not later than the server's clock, or NULL.
std::string select_latest(const Dialect& dialect, const Table& table, const Column& modified);

// Whether a row's time is at or after `time`, or is one that cannot be ordered. With no time: that
// it has any.
std::string changed_since(const Dialect& dialect, const Column& modified, const std::string& time);

// The first `most` keys of a range, of rows that meet the conditions, in their order.
std::string select_keys(const Dialect& dialect, const TableRead& table, const Page& range,
                        const std::string& condition, std::size_t most);

// Whether a row has one of these keys.
std::string has_key(const Dialect& dialect, const Table& table, const Cut& cut,
                    const std::vector<Bound>& keys);

}  // namespace rowferry::sql
