#include "engine/sqlite/btree.h"

#include <algorithm>
#include <cmath>

#include "engine/sqlite/node.h"

namespace rowferry::sqlite {

namespace {

constexpr std::size_t kPiecesPerPage = 32;  // as many pieces make cutting fine enough
constexpr std::size_t kDeepest = 20;        // SQLite's own limit for the depth of a tree
constexpr std::size_t kAllSampled = 64;     // with so few pieces each is looked into
constexpr std::size_t kSamples = 1024;
constexpr std::size_t kNeighbours = 4;  // samples on each side that an estimate is the mean of

// A subtree, by its top page.
struct Branch {
  std::uint32_t page = 0;
  std::optional<Edge> last;
};

struct Weight {
  double bytes = 0;
  double rows = 0;
};

class Outline {
 public:
  Outline(const PageFile& file, double bytes, double rows, const RowidRange& range)
      : file_(file), bytes_(bytes), rows_(rows), range_(range) {}

  std::vector<Piece> of(std::uint32_t root) {
    std::vector<Branch> level = {{root, std::nullopt}};
    measure(root);
    // A damaged tree may lead in circles: it has no more branches than the file has pages.
    while (depth_ < fans_.size() && level.size() <= file_.pages() && !fine_enough(level.size())) {
      level = below(level);
      ++depth_;
    }
    return weighed(level);
  }

 private:
  // Walks down the middle of the tree: its depth, the width of each level, and one leaf.
  void measure(std::uint32_t page) {
    while (fans_.size() < kDeepest) {
      const Node node = Node::read(file_, page);
      if (!node.interior()) {
        leaf_ = {node.content_bytes(), static_cast<double>(node.cells())};
        return;
      }
      fans_.push_back(static_cast<double>(node.cells() + 1));
      const auto middle = node.cell(node.cells() / 2);
      page = middle ? middle->child : node.rightmost();
    }
  }

  bool fine_enough(std::size_t branches) const {
    double leaves = static_cast<double>(branches);
    for (std::size_t i = depth_; i < fans_.size(); ++i) leaves *= fans_[i];
    const double pages =
        rows_ > 0 ? leaves * leaf_.rows / rows_ : leaves * leaf_.bytes / std::max(bytes_, 1.0);
    return static_cast<double>(branches) >= kPiecesPerPage * std::max(pages, 1.0);
  }

  std::vector<Branch> below(const std::vector<Branch>& level) const {
    std::vector<Branch> next;
    for (const Branch& branch : level) {
      const Node node = Node::read(file_, branch.page);
      if (!node.interior()) {
        next.push_back(branch);
        continue;
      }
      add_children(node, branch, next);
    }
    return next;
  }

  void add_children(const Node& node, const Branch& parent, std::vector<Branch>& next) const {
    for (std::size_t i = 0; i < node.cells(); ++i) {
      const std::optional<Cell> cell = node.cell(i);
      if (!cell || before_range(node, *cell)) continue;
      const bool known = node.shape() == Node::Shape::table_interior || !cell->key.record.empty();
      next.push_back({cell->child, known ? std::optional(cell->key) : std::nullopt});
      if (behind_range(node, *cell)) return;
    }
    next.push_back({node.rightmost(), parent.last});
  }

  bool before_range(const Node& node, const Cell& cell) const {
    return node.shape() == Node::Shape::table_interior && cell.key.rowid < range_.first;
  }
  bool behind_range(const Node& node, const Cell& cell) const {
    return node.shape() == Node::Shape::table_interior && cell.key.rowid >= range_.last;
  }

  // What lies under a page, by the path through its middle.
  Weight under(std::uint32_t page) const {
    double factor = 1;
    for (std::size_t deep = 0; deep < kDeepest; ++deep) {
      const Node node = Node::read(file_, page);
      if (!node.interior()) {
        return {factor * node.content_bytes(), factor * static_cast<double>(node.cells())};
      }
      factor *= static_cast<double>(node.cells() + 1);
      const auto middle = node.cell(node.cells() / 2);
      page = middle ? middle->child : node.rightmost();
    }
    return {};
  }

  std::vector<Piece> weighed(const std::vector<Branch>& level) const {
    const std::size_t stride =
        level.size() <= kAllSampled ? 1 : std::max<std::size_t>(32, level.size() / kSamples);
    std::vector<Weight> samples;
    for (std::size_t i = 0; i < level.size(); i += stride) {
      samples.push_back(under(level[i].page));
    }
    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < level.size(); ++i) {
      const Weight weight = stride == 1 ? samples[i] : mean_around(samples, i / stride);
      add_piece(level[i], weight, pieces);
    }
    return pieces;
  }

  static Weight mean_around(const std::vector<Weight>& samples, std::size_t at) {
    const std::size_t first = at < kNeighbours ? 0 : at - kNeighbours;
    const std::size_t end = std::min(at + kNeighbours + 1, samples.size());
    Weight sum;
    for (std::size_t i = first; i < end; ++i) {
      sum.bytes += samples[i].bytes;
      sum.rows += samples[i].rows;
    }
    const double count = static_cast<double>(end - first);
    return {sum.bytes / count, sum.rows / count};
  }

  // A leaf that is more than a page on its own is divided by its rows.
  void add_piece(const Branch& branch, const Weight& weight, std::vector<Piece>& pieces) const {
    const bool heavy = rows_ > 0 ? weight.rows > rows_ : weight.bytes > bytes_;
    if (heavy && depth_ == fans_.size()) {
      add_rows(Node::read(file_, branch.page), branch.last, pieces);
    } else {
      pieces.push_back({branch.last, weight.bytes, weight.rows});
    }
  }

  void add_rows(const Node& leaf, const std::optional<Edge>& last,
                std::vector<Piece>& pieces) const {
    const bool ordinary = leaf.shape() == Node::Shape::table_leaf;
    for (std::size_t i = 0; i < leaf.cells(); ++i) {
      const std::optional<Cell> cell = leaf.cell(i);
      if (!cell) continue;
      const bool known = ordinary || !cell->key.record.empty();
      pieces.push_back({known ? std::optional(cell->key) : std::nullopt, cell->payload, 1});
    }
    pieces.push_back({last, 0, 0});
  }

  const PageFile& file_;
  double bytes_;
  double rows_;
  RowidRange range_;
  std::vector<double> fans_;  // children of a page, by level from the root
  Weight leaf_;
  std::size_t depth_ = 0;  // levels passed
};

}  // namespace

std::vector<Piece> outline(const PageFile& file, std::uint32_t root, double bytes, double rows,
                           const RowidRange& range) {
  return Outline(file, bytes, rows, range).of(root);
}

}  // namespace rowferry::sqlite
