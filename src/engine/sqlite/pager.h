#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/sqlite/btree.h"
#include "engine/sqlite/pool.h"

namespace rowferry::sqlite {

// Cuts by rowid or by the key of a WITHOUT ROWID table, with bounds taken from the upper pages of
// the table's b-tree. The bounds of keys are looked up and ordered by SQLite itself.
class SqlitePager final : public Pager {
 public:
  // `wal` belongs to the view that the lease's transaction sees.
  SqlitePager(Lease lease, std::shared_ptr<const Wal> wal);

  Cut choose(const Table& table) override;
  std::vector<Page> cut(const TableRead& table, const Gap& gap, const PageSize& size) override;

 private:
  std::uint32_t root_of(const Table& table) const;
  const std::vector<Piece>& pieces_of_key(std::uint32_t root, const PageSize& size);
  std::vector<Bound> rowid_bounds(std::uint32_t root, const Gap& gap, const PageSize& size) const;
  std::vector<Bound> key_bounds(const TableRead& table, const Gap& gap, const PageSize& size);

  Lease lease_;
  PageFile file_;
  // The last outline of a WITHOUT ROWID table, whose gaps are cut one after the other.
  std::uint32_t outlined_ = 0;
  PageSize outlined_for_;
  std::vector<Piece> pieces_;
};

// Where to end pages so that they weigh about `target` each: places in `pieces` behind which to
// cut. `by_rows`: weigh by rows.
std::vector<std::size_t> even_cuts(const std::vector<Piece>& pieces, double target, bool by_rows);

}  // namespace rowferry::sqlite
