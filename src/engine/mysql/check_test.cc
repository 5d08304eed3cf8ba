#include "engine/mysql/check.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/bytes.h"
#include "core/value.h"
#include "engine/mysql/types.h"

namespace rowferry::mysql {
namespace {

// The code of what a column refuses of a cell; "" when it takes it.
std::string code_of(const std::string& native, Kind wire, const std::string& cell,
                    bool signed_zero = false) {
  const CellCheck check = check_for(
      {.name = "c", .native = native, .type = to_type(native), .wire = wire}, signed_zero);
  if (!check) return "";
  const auto found = check(cell);
  return found ? std::string(found->code) : "";
}

template <typename Int>
std::string whole(Int value) {
  std::string cell(sizeof value, '\0');
  store(cell.data(), value);
  return cell;
}

std::string real(double value) {
  std::string cell(8, '\0');
  store_double(cell.data(), value);
  return cell;
}

std::string moment(const char* text) {
  return whole(*parse_timestamp(text));
}

TEST(CheckTest, TextsAreCountedInCharactersAndBytes) {
  EXPECT_EQ(code_of("varchar(3)", Kind::text, "äöü"), "");
  EXPECT_EQ(code_of("varchar(3)", Kind::text, "äöüx"), "value.length");
  EXPECT_EQ(code_of("tinytext", Kind::text, std::string(255, 'x')), "");
  EXPECT_EQ(code_of("tinytext", Kind::text, std::string(256, 'x')), "value.length");
  EXPECT_EQ(code_of("varbinary(2)", Kind::bytes, "abc"), "value.length");
  EXPECT_EQ(code_of("longtext", Kind::text, std::string(70000, 'x')), "");
}

TEST(CheckTest, WholeNumbersHaveARange) {
  EXPECT_EQ(code_of("tinyint", Kind::int16, whole(std::int16_t{127})), "");
  EXPECT_EQ(code_of("tinyint", Kind::int16, whole(std::int16_t{128})), "value.range");
  EXPECT_EQ(code_of("int unsigned", Kind::int64, whole(std::int64_t{4294967295})), "");
  EXPECT_EQ(code_of("int unsigned", Kind::int64, whole(std::int64_t{-1})), "value.range");
  EXPECT_EQ(code_of("year", Kind::int16, whole(std::int16_t{1900})), "value.range");
}

TEST(CheckTest, RealsAreFiniteAndMayLackANegativeZero) {
  EXPECT_EQ(code_of("double", Kind::float64, real(1.5)), "");
  EXPECT_EQ(code_of("double", Kind::float64, real(NAN)), "value.nan");
  EXPECT_EQ(code_of("double", Kind::float64, real(-0.0)), "value.negative_zero");
  EXPECT_EQ(code_of("double", Kind::float64, real(-0.0), true), "");
}

TEST(CheckTest, DatesAndTimesHaveARangeAndDigits) {
  EXPECT_EQ(code_of("datetime", Kind::timestamp, moment("9999-12-31 23:59:59")), "");
  EXPECT_EQ(code_of("datetime", Kind::timestamp, moment("10000-01-01 00:00:00")), "value.date");
  EXPECT_EQ(code_of("datetime", Kind::timestamp, moment("2024-01-01 00:00:00.5")),
            "value.precision");
  EXPECT_EQ(code_of("datetime(1)", Kind::timestamp, moment("2024-01-01 00:00:00.5")), "");
  EXPECT_EQ(code_of("timestamp", Kind::timestamp, moment("1970-01-01 00:00:00")), "value.range");
  EXPECT_EQ(code_of("timestamp", Kind::timestamp, moment("2038-01-19 03:14:07")), "");
  EXPECT_EQ(code_of("timestamp", Kind::timestamp, moment("2038-01-19 03:14:08")), "value.range");
  EXPECT_EQ(code_of("date", Kind::date, whole(*parse_date("0001-01-01"))), "");
  EXPECT_EQ(code_of("date", Kind::date, whole(*parse_date("0001-01-01") - 1)), "value.date");
}

TEST(CheckTest, IntervalsEndAt838Hours) {
  const auto interval = [](std::int64_t seconds, std::int32_t days) {
    return whole(seconds * 1'000'000) + whole(days) + whole(std::int32_t{0});
  };
  EXPECT_EQ(code_of("time", Kind::interval, interval(838 * 3600 + 3599, 0)), "");
  EXPECT_EQ(code_of("time", Kind::interval, interval(839 * 3600, 0)), "value.range");
  EXPECT_EQ(code_of("time", Kind::interval, interval(1, 1)), "value.range");
}

TEST(CheckTest, LabelsAreThoseOfTheColumn) {
  EXPECT_EQ(code_of("enum('a','b')", Kind::text, "b"), "");
  EXPECT_EQ(code_of("enum('a','b')", Kind::text, "B"), "value.label");
  EXPECT_EQ(code_of("set('a','b')", Kind::text, "a,b"), "");
  EXPECT_EQ(code_of("set('a','b')", Kind::text, "b,a"), "value.label");
}

TEST(CheckTest, DecimalsKeepTheirDigits) {
  Batch batch;
  const auto decimal = [&](const char* text) {
    batch.clear();
    batch.begin_row(1);
    EXPECT_TRUE(add_decimal(batch, std::string_view(text), Type{.kind = Kind::decimal}));
    batch.end_row();
    CellCursor cursor(batch.bytes());
    cursor.row();
    return std::string(cursor.cell());
  };
  EXPECT_EQ(code_of("decimal(4,2)", Kind::decimal, decimal("12.34")), "");
  EXPECT_EQ(code_of("decimal(4,2)", Kind::decimal, decimal("123.4")), "value.number");
  EXPECT_EQ(code_of("decimal(4,2)", Kind::decimal, decimal("1.234")), "value.number");
  EXPECT_EQ(code_of("decimal(4,2) unsigned", Kind::decimal, decimal("-1")), "value.range");
  EXPECT_EQ(code_of("decimal(4,2)", Kind::decimal, decimal("NaN")), "value.nan");
}

}  // namespace
}  // namespace rowferry::mysql
