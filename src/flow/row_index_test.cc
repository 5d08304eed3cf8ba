#include "flow/row_index.h"

#include <gtest/gtest.h>

#include "core/batch.h"

namespace rowferry {
namespace {

std::string row(std::initializer_list<const char*> cells) {
  Batch batch;
  batch.begin_row(static_cast<int>(cells.size()));
  for (const char* cell : cells) {
    if (cell == nullptr) {
      batch.add_null();
    } else {
      batch.add_cell(std::string_view(cell));
    }
  }
  batch.end_row();
  return std::string(batch.bytes());
}

std::vector<std::string> rest_of(const RowIndex& index) {
  std::vector<std::string> rows;
  index.rest([&](const FormedRow& one) { rows.emplace_back(one.row); });
  return rows;
}

TEST(RowIndex, TellsEqualRowsFromChangedOnesByTheirKey) {
  const std::vector<int> key = {0};
  RowIndex index(key);
  index.add({.row = row({"1", "a"})});
  index.add({.row = row({"2", "b"})});
  index.add({.row = row({"3", nullptr})});
  FormedRow ours;
  EXPECT_EQ(index.meet(row({"1", "a"}), ours), RowIndex::Meeting::equal);
  EXPECT_EQ(index.meet(row({"2", "x"}), ours), RowIndex::Meeting::changed);
  EXPECT_EQ(ours.row, row({"2", "b"}));
  EXPECT_EQ(index.meet(row({"4", "b"}), ours), RowIndex::Meeting::none);
  EXPECT_EQ(rest_of(index), std::vector<std::string>{row({"3", nullptr})});
}

TEST(RowIndex, TakesTheKeyFromWhereverItsColumnsStand) {
  const std::vector<int> key = {2, 0};
  RowIndex index(key);
  index.add({.row = row({"a", "1", "b"})});
  FormedRow ours;
  EXPECT_EQ(index.meet(row({"b", "1", "a"}), ours), RowIndex::Meeting::none);
  EXPECT_EQ(index.meet(row({"a", "2", "b"}), ours), RowIndex::Meeting::changed);
  EXPECT_EQ(index.meet(row({"a", "2", "b"}), ours), RowIndex::Meeting::none);
}

TEST(RowIndex, KeepsRowsAsTheyWereReadBesideTheirForm) {
  const std::vector<int> key = {0};
  RowIndex index(key);
  index.add({.row = row({"1", "a"}), .read = row({"1", "a  "})});
  index.add({.row = row({"2", "b"})});
  FormedRow ours;
  EXPECT_EQ(index.meet(row({"1", "x"}), ours), RowIndex::Meeting::changed);
  EXPECT_EQ(ours.read, row({"1", "a  "}));
  index.rest([&](const FormedRow& one) {
    EXPECT_EQ(one.row, row({"2", "b"}));
    EXPECT_TRUE(one.read.empty());
  });
}

TEST(RowIndex, CountsRowsWithoutAKey) {
  const std::vector<int> key;
  RowIndex index(key);
  for (int i = 0; i < 3; ++i) index.add({.row = row({"a"})});
  EXPECT_EQ(index.bytes(), row({"a"}).size());
  FormedRow ours;
  EXPECT_EQ(index.meet(row({"a"}), ours), RowIndex::Meeting::equal);
  EXPECT_EQ(index.meet(row({"b"}), ours), RowIndex::Meeting::none);
  EXPECT_EQ(rest_of(index), (std::vector<std::string>{row({"a"}), row({"a"})}));
}

}  // namespace
}  // namespace rowferry
