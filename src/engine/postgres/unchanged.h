#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/postgres/connection.h"

namespace rowferry::postgres {

// Proves, under the snapshot that a connection is on, that rows read under an earlier one still
// stand.
//
// Every row version carries the transaction that made it. A range in which no version is younger
// than the earlier snapshot holds a part of what that snapshot saw; the same number of rows, all of
// it. The catalog's own rows tell of everything that changes values without touching rows, or moves
// them.
class Unchanged {
 public:
  // `then` and `now` are positions of snapshots (PostgresSnapshot::position).
  Unchanged(Connection& connection, const std::string& then, const std::string& now);

  // Whether `pages` of the table hold exactly the `rows` rows that were seen there then.
  bool holds(const TableRead& table, const std::vector<Page>& pages, std::int64_t rows);

 private:
  void read_catalog();
  bool prints_the_same(const TableRead& table) const;
  std::string young(const std::string& xmin) const;

  Connection& connection_;
  std::string horizon_;  // the oldest transaction that may have been running then; empty: unknown
  bool types_changed_ = false;
  std::set<std::string> enums_;  // as format_type() spells them
  bool catalog_read_ = false;
  std::set<TableName> changed_;  // tables that were altered, rewritten or emptied since
};

}  // namespace rowferry::postgres
