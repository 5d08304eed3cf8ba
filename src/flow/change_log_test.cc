#include "flow/change_log.h"

#include <gtest/gtest.h>

namespace rowferry {
namespace {

struct Told {
  std::vector<int> columns;
  std::string row;
  friend bool operator==(const Told&, const Told&) = default;
};

std::vector<Told> all_of(ChangeLog& log, std::size_t table, Change change) {
  std::vector<Told> told;
  log.each(table, change, [&](const std::vector<int>& columns, std::string_view row) {
    told.push_back({columns, std::string(row)});
  });
  return told;
}

TEST(ChangeLog, GivesChangesBackByTableAndKindInTheirOrder) {
  ChangeLog log(2);
  EXPECT_FALSE(log.any());
  log.add(0, Change::update, {1, 3}, "one");
  log.add(1, Change::update, {}, "other");
  log.add(0, Change::remove, {}, "");
  log.add(0, Change::update, {2}, "two");
  EXPECT_TRUE(log.any());
  EXPECT_EQ(log.count(0, Change::update), 2);
  EXPECT_EQ(all_of(log, 0, Change::update), (std::vector<Told>{{{1, 3}, "one"}, {{2}, "two"}}));
  EXPECT_EQ(all_of(log, 0, Change::remove), (std::vector<Told>{{{}, ""}}));
  EXPECT_TRUE(all_of(log, 1, Change::insert).empty());
}

TEST(ChangeLog, KeepsMoreThanItHoldsInMemory) {
  ChangeLog log(3);
  std::vector<Told> expected;
  for (int i = 0; i < 3000; ++i) {
    const Told change{.columns = {i % 7}, .row = std::string(static_cast<std::size_t>(i), 'x')};
    for (std::size_t table = 0; table < 3; ++table) {
      log.add(table, Change::insert, change.columns, change.row);
    }
    expected.push_back(change);
  }
  for (std::size_t table = 0; table < 3; ++table) {
    EXPECT_EQ(all_of(log, table, Change::insert), expected);
    EXPECT_EQ(all_of(log, table, Change::insert), expected);  // as often as one likes
  }
}

}  // namespace
}  // namespace rowferry
