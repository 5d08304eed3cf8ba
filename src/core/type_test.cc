#include "core/type.h"

#include <gtest/gtest.h>

namespace rowferry {
namespace {

Type of(Kind kind, int length = 0) {
  return {.kind = kind, .length = length};
}
Type decimal(int precision, int scale = 0) {
  return {.kind = Kind::decimal, .precision = precision, .scale = scale};
}

TEST(Type, IsDescribed) {
  EXPECT_EQ(describe(of(Kind::int64)), "int64");
  EXPECT_EQ(describe(of(Kind::text, 50)), "text(50)");
  EXPECT_EQ(describe(decimal(10, 2)), "decimal(10,2)");
  EXPECT_EQ(describe(decimal(0)), "decimal");
}

TEST(Type, EveryKindHasItsName) {
  EXPECT_EQ(name_of(Kind::boolean), "boolean");
  EXPECT_EQ(name_of(Kind::decimal), "decimal");
  EXPECT_EQ(name_of(Kind::timestamptz), "timestamptz");
  EXPECT_EQ(name_of(Kind::dynamic), "dynamic");
}

TEST(Widens, EveryKindIntoItself) {
  for (int kind = 0; kind <= static_cast<int>(Kind::dynamic); ++kind) {
    EXPECT_TRUE(widens(of(static_cast<Kind>(kind)), of(static_cast<Kind>(kind)))) << kind;
  }
}

TEST(Widens, Lengths) {
  EXPECT_TRUE(widens(of(Kind::text, 10), of(Kind::text, 10)));
  EXPECT_TRUE(widens(of(Kind::text, 10), of(Kind::text)));
  EXPECT_FALSE(widens(of(Kind::text, 10), of(Kind::text, 9)));
  EXPECT_FALSE(widens(of(Kind::text), of(Kind::text, 1000)));
  EXPECT_TRUE(widens(of(Kind::bits, 8), of(Kind::bits)));
  EXPECT_FALSE(widens(of(Kind::bits, 8), of(Kind::bits, 9)));
}

TEST(Widens, Numbers) {
  EXPECT_TRUE(widens(of(Kind::int16), of(Kind::int64)));
  EXPECT_FALSE(widens(of(Kind::int64), of(Kind::int32)));
  EXPECT_TRUE(widens(of(Kind::int32), decimal(10)));
  EXPECT_FALSE(widens(of(Kind::int32), decimal(10, 1)));
  EXPECT_TRUE(widens(of(Kind::int64), decimal(0)));
  EXPECT_TRUE(widens(of(Kind::float32), of(Kind::float64)));
  EXPECT_FALSE(widens(of(Kind::float64), of(Kind::float32)));
  EXPECT_FALSE(widens(of(Kind::int32), of(Kind::float64)));
}

TEST(Widens, Decimals) {
  EXPECT_TRUE(widens(decimal(10, 2), decimal(12, 4)));
  EXPECT_FALSE(widens(decimal(10, 2), decimal(10, 4)));
  EXPECT_FALSE(widens(decimal(10, 2), decimal(12, 1)));
  EXPECT_TRUE(widens(decimal(10, 2), decimal(0)));
  EXPECT_FALSE(widens(decimal(0), decimal(1000, 2)));
  EXPECT_FALSE(widens(decimal(10, 0), of(Kind::int64)));
}

TEST(Widens, NothingElse) {
  EXPECT_FALSE(widens(of(Kind::timestamp), of(Kind::timestamptz)));
  EXPECT_FALSE(widens(of(Kind::text), of(Kind::json)));
  EXPECT_FALSE(widens(of(Kind::boolean), of(Kind::int16)));
}

}  // namespace
}  // namespace rowferry
