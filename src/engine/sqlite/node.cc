#include "engine/sqlite/node.h"

#include <algorithm>

namespace rowferry::sqlite {

Varint varint(std::span<const unsigned char> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 9); ++i) {
    if (i == 8) return {static_cast<std::int64_t>(value << 8 | bytes[i]), 9};
    value = value << 7 | (bytes[i] & 0x7f);
    if (bytes[i] < 0x80) return {static_cast<std::int64_t>(value), i + 1};
  }
  return {};
}

namespace {

Node::Shape shape_of(unsigned char flag) {
  switch (flag) {
    case 2:
      return Node::Shape::index_interior;
    case 5:
      return Node::Shape::table_interior;
    case 10:
      return Node::Shape::index_leaf;
    case 13:
      return Node::Shape::table_leaf;
    default:
      return Node::Shape::none;
  }
}

}  // namespace

Node Node::read(const PageFile& file, std::uint32_t number) {
  static constexpr std::size_t kFileHeader = 100;  // in front of page 1
  Node node;
  if (!file.read(number, node.page_)) return node;
  node.usable_ = file.usable();
  node.start_ = number == 1 ? kFileHeader : 0;
  node.shape_ = shape_of(node.page_[node.start_]);
  if (node.shape_ != Shape::none) node.cells_ = load16(&node.page_[node.start_ + 3]);
  const std::size_t pointers = node.start_ + node.header_size() + 2 * node.cells_;
  if (pointers > node.page_.size()) node.cells_ = 0;
  return node;
}

std::uint32_t Node::rightmost() const {
  return interior() ? load32(&page_[start_ + 8]) : 0;
}

std::optional<Cell> Node::cell(std::size_t index, bool with_record) const {
  if (index >= cells_) return std::nullopt;
  const std::size_t offset = load16(&page_[start_ + header_size() + 2 * index]);
  if (offset + 4 > usable_) return std::nullopt;
  const std::span<const unsigned char> at(&page_[offset], usable_ - offset);
  if (shape_ == Shape::table_leaf) return table_leaf_cell(at);
  if (shape_ == Shape::index_leaf) return index_cell(at, with_record);
  std::optional<Cell> cell;
  if (shape_ == Shape::table_interior) {
    const Varint rowid = varint(at.subspan(4));
    if (rowid.length != 0) cell = Cell{.child = 0, .key = {rowid.value, {}}, .payload = 0};
  } else {
    cell = index_cell(at.subspan(4), with_record);
  }
  if (cell) cell->child = load32(at.data());
  return cell;
}

std::optional<Cell> Node::table_leaf_cell(std::span<const unsigned char> at) const {
  const Varint payload = varint(at);
  const Varint rowid = varint(at.subspan(payload.length));
  if (payload.length == 0 || rowid.length == 0 || payload.value < 0) return std::nullopt;
  return Cell{.child = 0, .key = {rowid.value, {}}, .payload = static_cast<double>(payload.value)};
}

std::optional<Cell> Node::index_cell(std::span<const unsigned char> at, bool with_record) const {
  const Varint payload = varint(at);
  if (payload.length == 0 || payload.value < 0) return std::nullopt;
  Cell cell{.child = 0, .key = {}, .payload = static_cast<double>(payload.value)};
  const auto size = static_cast<std::size_t>(payload.value);
  const bool whole = local_payload(size) == size && payload.length + size <= at.size();
  if (with_record && whole) {
    cell.key.record.assign(reinterpret_cast<const char*>(&at[payload.length]), size);
  }
  return cell;
}

// How much of a payload lies in the b-tree page; the rest is in overflow pages. The names are those
// of sqlite.org/fileformat2.html#cell_payload_overflow_pages.
std::size_t Node::local_payload(std::size_t payload) const {
  const std::size_t u = usable_;
  const std::size_t x = shape_ == Shape::table_leaf ? u - 35 : (u - 12) * 64 / 255 - 23;
  if (payload <= x) return payload;
  const std::size_t m = (u - 12) * 32 / 255 - 23;
  const std::size_t k = m + (payload - m) % (u - 4);
  return k <= x ? k : m;
}

double Node::content_bytes() const {
  static constexpr double kOverhead = 4;  // of a cell: its pointer, its length, its rowid
  double bytes = 0;
  for (std::size_t i = 0; i < cells_; ++i) {
    const std::optional<Cell> one = cell(i, false);
    if (one) bytes += one->payload + kOverhead;
  }
  return bytes;
}

}  // namespace rowferry::sqlite
