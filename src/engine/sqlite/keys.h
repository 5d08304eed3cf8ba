#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/page.h"
#include "core/schema.h"
#include "engine/sqlite/btree.h"
#include "engine/sqlite/session.h"

namespace rowferry::sqlite {

// Looks up keys of a WITHOUT ROWID table in the order that SQLite gives them.
class KeyOrder {
 public:
  // Borrows all three.
  KeyOrder(const Connection& connection, const Table& table, const Cut& cut);

  // Whether the file holds the rows from the largest key down.
  bool descending() const { return descending_; }

  // The first key at or behind `edge`, if it lies behind `after` and before `before` (either may be
  // open) and is a bound that SQLite reads back exactly.
  std::optional<Bound> first_from(const Edge& edge, const Bound& after, const Bound& before) const;

  // The pieces that may hold keys within the gap, given all in growing order of keys.
  std::vector<Piece> within(std::vector<Piece> pieces, const Gap& gap) const;

 private:
  std::optional<Bound> key_of(Prepared& query) const;
  bool reaches(const Edge& edge, const Bound& bound) const;
  std::size_t first_reaching(const std::vector<Piece>& pieces, const Bound& bound) const;

  std::string comparison(const char* op, const Bound& bound) const;

  const Connection& connection_;
  const Table& of_;
  const Cut& cut_;
  std::string table_;
  std::string columns_;
  std::string order_;
  bool descending_;
};

// Pieces of a tree that grows downwards, in growing order of keys.
std::vector<Piece> reversed(std::vector<Piece> pieces);

}  // namespace rowferry::sqlite
