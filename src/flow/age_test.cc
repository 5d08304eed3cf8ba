#include "flow/age.h"

#include <gtest/gtest.h>

#include "core/value.h"
#include "flow/compare.h"

namespace rowferry {
namespace {

std::int64_t at(const char* text) {
  return *parse_timestamp(text);
}

TEST(Age, ReadsTheTimeOfACell) {
  EXPECT_EQ(moment_of(Kind::text, "2024-05-01 10:00:00"), at("2024-05-01 10:00:00"));
  EXPECT_EQ(moment_of(Kind::text, "2024-05-01T12:00:00+02"), at("2024-05-01 10:00:00"));
  EXPECT_EQ(moment_of(Kind::dynamic, "t2024-05-01 10:00:00"), at("2024-05-01 10:00:00"));
  EXPECT_EQ(moment_of(Kind::text, "2024-05-01"), at("2024-05-01 23:59:59.999999"));
  EXPECT_EQ(moment_of(Kind::text, "yesterday"), std::nullopt);
  EXPECT_EQ(moment_of(Kind::dynamic, "i12345678"), std::nullopt);
  EXPECT_EQ(moment_of(Kind::timestamp, "12"), std::nullopt);
}

std::string row_of(const char* text) {
  Batch batch;
  batch.begin_row(2);
  batch.add_cell("1");
  if (text == nullptr) {
    batch.add_null();
  } else {
    batch.add_cell(text);
  }
  batch.end_row();
  return std::string(batch.bytes());
}

TEST(Age, ARowIsYoungWhereOneSideSaysSo) {
  const std::vector<AgeLimit> limits = {{.place = 1, .micros = 60'000'000}};
  const std::int64_t now = at("2024-05-01 10:00:00");
  const auto young = [&](const std::string& source, const std::string& target) {
    Difference difference;
    difference.source = source;
    difference.target = target;
    return is_young(limits, difference, now);
  };
  const std::string old = row_of("2024-05-01 09:59:00");
  const std::string fresh = row_of("2024-05-01 09:59:01");
  EXPECT_FALSE(young(old, old));
  EXPECT_TRUE(young(fresh, old));
  EXPECT_TRUE(young(old, fresh));
  EXPECT_TRUE(young("", fresh));
  EXPECT_TRUE(young(fresh, ""));
  EXPECT_FALSE(young(row_of(nullptr), ""));
}

}  // namespace
}  // namespace rowferry
