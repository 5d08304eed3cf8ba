#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/sqlite/btree.h"
#include "engine/sqlite/page_file.h"

namespace rowferry::sqlite {

// A variable-length integer at `bytes`, and how many bytes it takes; 0 of them when cut short.
struct Varint {
  std::int64_t value = 0;
  std::size_t length = 0;
};
Varint varint(std::span<const unsigned char> bytes);

// One cell of a b-tree page.
struct Cell {
  std::uint32_t child = 0;  // of an interior page
  Edge key;                 // the record is left empty when it goes on in overflow pages
  double payload = 0;       // bytes; 0 on interior pages of ordinary tables
};

// One b-tree page (sqlite.org/fileformat2.html#b_tree_pages). Reads within the page only, whatever
// its bytes are.
class Node {
 public:
  enum class Shape { none, table_interior, table_leaf, index_interior, index_leaf };

  // Reads page `number`; of shape `none` when it is no b-tree page.
  static Node read(const PageFile& file, std::uint32_t number);

  Shape shape() const { return shape_; }
  bool interior() const {
    return shape_ == Shape::table_interior || shape_ == Shape::index_interior;
  }
  std::size_t cells() const { return cells_; }
  std::uint32_t rightmost() const;
  // None when the cell does not lie in the page.
  std::optional<Cell> cell(std::size_t index, bool with_record = true) const;
  // Of all cells, with what lies in overflow pages, without free space.
  double content_bytes() const;

 private:
  std::optional<Cell> table_leaf_cell(std::span<const unsigned char> at) const;
  std::optional<Cell> index_cell(std::span<const unsigned char> at, bool with_record) const;
  std::size_t local_payload(std::size_t payload) const;
  std::size_t header_size() const { return interior() ? 12 : 8; }

  std::vector<unsigned char> page_;
  std::size_t usable_ = 0;
  std::size_t start_ = 0;  // of the b-tree header
  std::size_t cells_ = 0;
  Shape shape_ = Shape::none;
};

}  // namespace rowferry::sqlite
