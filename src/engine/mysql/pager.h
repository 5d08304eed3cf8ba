#pragma once

#include "engine/mysql/reader.h"

namespace rowferry::mysql {

// Cuts by the primary key or a unique index without NULLs; a table without either is one page.
// Bounds are kept as literals in these servers' words. Small tables are cut by counting rows along
// the key. Of large ones whose key begins with a whole number the server's estimates of ranges are
// halved until they are small enough, so that planning does not read the table.
class MysqlPager final : public Pager {
 public:
  explicit MysqlPager(Lease lease) : lease_(std::move(lease)) {}

  Cut choose(const Table& table) override;
  std::vector<Page> cut(const TableRead& table, const Gap& gap, const PageSize& size) override;

 private:
  Lease lease_;
};

// The quoted name of the index whose columns a cut names.
std::string index_of(const Table& table, const Cut& cut);

// `table` FORCE INDEX (the one that the cut names), for FROM.
std::string by_index(const TableRead& table);

// An expression whose text is a literal of the column's value.
std::string as_literal(const Column& column);

}  // namespace rowferry::mysql
