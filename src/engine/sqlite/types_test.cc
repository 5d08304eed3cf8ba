#include "engine/sqlite/types.h"

#include <gtest/gtest.h>

#include "core/interval.h"
#include "core/value.h"

namespace rowferry::sqlite {
namespace {

TEST(Types, FollowsTheRulesOfAffinity) {
  EXPECT_EQ(affinity_of("CHARINT"), Affinity::integer);
  EXPECT_EQ(affinity_of("POINT"), Affinity::integer);
  EXPECT_EQ(affinity_of("nvarchar(10)"), Affinity::text);
  EXPECT_EQ(affinity_of(""), Affinity::blob);
  EXPECT_EQ(affinity_of("double precision"), Affinity::real);
  EXPECT_EQ(affinity_of("STRING"), Affinity::numeric);
}

TEST(Types, ReadsDeclaredTypes) {
  EXPECT_EQ(describe(to_type("INTEGER")), "int64");
  EXPECT_EQ(describe(to_type("tinyint(1)")), "int64");
  EXPECT_EQ(describe(to_type("VARCHAR(20)")), "text");
  EXPECT_EQ(describe(to_type("Decimal ( 10 , 2 )")), "decimal(10,2)");
  EXPECT_EQ(to_type("NUMERIC").precision, 0);
  EXPECT_EQ(to_type("timestamp(3)  with time  zone").kind, Kind::timestamptz);
  EXPECT_EQ(to_type("timestamp(3) with time zone").precision, 4);
  EXPECT_EQ(to_type("").kind, Kind::text);
  EXPECT_EQ(to_type("STRING").kind, Kind::text);
  EXPECT_EQ(to_type("blob").kind, Kind::bytes);
  EXPECT_EQ(to_type("FLOAT").kind, Kind::float64);
  EXPECT_EQ(to_type("INTERVAL").kind, Kind::interval);
}

Type written(Type type) {
  Column column;
  column.type = type;
  return to_type(to_native(column, {}).text);
}

TEST(Types, ReadsBackWhatItWrites) {
  for (int kind = 0; kind < static_cast<int>(Kind::dynamic); ++kind) {
    const Type type{.kind = static_cast<Kind>(kind)};
    EXPECT_EQ(written(type), type) << name_of(type.kind);
  }
  for (const Type& type : {Type{.kind = Kind::decimal, .precision = 15, .scale = 15},
                           Type{.kind = Kind::decimal, .precision = 38, .scale = 10},
                           Type{.kind = Kind::decimal, .precision = 3, .scale = -2},
                           Type{.kind = Kind::decimal, .precision = 3, .scale = 5},
                           Type{.kind = Kind::timestamp, .precision = 4},
                           Type{.kind = Kind::bits, .length = 8, .fixed = true},
                           Type{.kind = Kind::bits, .length = 9}}) {
    EXPECT_EQ(written(type), type) << describe(type);
  }
}

TEST(Types, GivesTextThatLooksLikeANumberTextAffinity) {
  for (const Kind kind : {Kind::json, Kind::bits, Kind::interval, Kind::text}) {
    Column column;
    column.type.kind = kind;
    EXPECT_EQ(affinity_of(to_native(column, {}).text), Affinity::text) << name_of(kind);
  }
  Column wide;
  wide.type = {.kind = Kind::decimal, .precision = 16, .scale = 2};
  EXPECT_EQ(affinity_of(to_native(wide, {}).text), Affinity::text);
}

TEST(Interval, ReadsWhatCoreWrites) {
  for (const char* text : {"1 year 2 mons 3 days 04:05:06.5", "-1 years -2 mons +3 days -04:05:06",
                           "00:00:00", "1 day", "-00:00:00.000001", "infinity", "-infinity",
                           "178956970 years 7 mons", "2562047787:59:59.999999"}) {
    char cell[16];
    ASSERT_TRUE(parse_interval(text, cell)) << text;
    EXPECT_EQ(to_text(Kind::interval, {cell, sizeof cell}), text);
  }
}

TEST(Interval, RefusesAllElse) {
  char cell[16];
  for (const char* text : {"", "1", "1 week", "P1D", "04:05", "04:05:60", "1 day 2", "--1 day",
                           "1 day 04:05:06x", "178956971 years", "04:05:06."}) {
    EXPECT_FALSE(parse_interval(text, cell)) << text;
  }
}

}  // namespace
}  // namespace rowferry::sqlite
