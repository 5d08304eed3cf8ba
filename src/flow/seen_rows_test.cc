#include "flow/seen_rows.h"

#include <gtest/gtest.h>

#include <string>

namespace rowferry {
namespace {

Digest name(int number) {
  Digest digest;
  digest.add("row " + std::to_string(number));
  return digest;
}

TEST(SeenRows, GivesEachRowOnce) {
  SeenRows rows;
  rows.add(name(1), 10);
  rows.add(name(2), 20);
  EXPECT_EQ(rows.take(name(3)), std::nullopt);
  EXPECT_EQ(rows.take(name(2)), 20);
  EXPECT_EQ(rows.take(name(2)), std::nullopt);
  EXPECT_EQ(rows.take(name(1)), 10);
}

TEST(SeenRows, GivesARowAsOftenAsItWasAdded) {
  SeenRows rows;
  for (int i = 0; i < 3; ++i) rows.add(name(1), 10);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(rows.take(name(1)), 10);
  EXPECT_EQ(rows.take(name(1)), std::nullopt);
  rows.add(name(1), 11);
  EXPECT_EQ(rows.take(name(1)), 11);
}

TEST(SeenRows, KeepsMoreThanMemoryHolds) {
  SeenRows rows(128);
  const int many = 5000;  // two files, one after the other
  for (int i = 0; i < many; ++i) rows.add(name(i), static_cast<std::uint32_t>(i));
  rows.add(name(7), 0);
  for (int i = 0; i < many; ++i) {
    ASSERT_EQ(rows.take(name(i)), static_cast<std::uint32_t>(i));
    ASSERT_EQ(rows.take(name(many + i)), std::nullopt);
  }
  EXPECT_EQ(rows.take(name(7)), 7U);
  EXPECT_EQ(rows.take(name(7)), std::nullopt);
}

}  // namespace
}  // namespace rowferry
