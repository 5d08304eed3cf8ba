#include "core/convert.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "core/bytes.h"
#include "core/value.h"

namespace rowferry {
namespace {

template <typename Int>
std::string cell_of(Int value) {
  std::string cell(sizeof value, '\0');
  store(cell.data(), value);
  return cell;
}

std::string real(double value) {
  std::string cell(8, '\0');
  store_double(cell.data(), value);
  return cell;
}

std::string decimal(const char* text) {
  Batch batch;
  EXPECT_TRUE(add_decimal(batch, std::string_view(text), Type{.kind = Kind::decimal}));
  return std::string(batch.bytes().substr(4));
}

// What becomes of a cell, as text; "!" and the reason where nothing does.
std::string converted(Kind from, const std::string& cell, const Type& to, bool strip = false,
                      bool truncate = false) {
  const Conversion step = conversion(from, to, strip, truncate);
  if (step.step == nullptr) return "(none)";
  Batch batch;
  const char* reason = step.step(step, cell, batch);
  if (reason != nullptr) return "!";
  return to_text(to.kind, batch.bytes().substr(4));
}

TEST(Conversion, OfWholeNumbersLosesNoneOfThem) {
  EXPECT_EQ(converted(Kind::int64, cell_of(std::int64_t{-32768}), {.kind = Kind::int16}), "-32768");
  EXPECT_EQ(converted(Kind::int64, cell_of(std::int64_t{32768}), {.kind = Kind::int16}), "!");
  EXPECT_EQ(converted(Kind::decimal, decimal("9223372036854775807"), {.kind = Kind::int64}),
            "9223372036854775807");
  EXPECT_EQ(converted(Kind::decimal, decimal("9223372036854775808"), {.kind = Kind::int64}), "!");
  EXPECT_EQ(converted(Kind::decimal, decimal("7.00"), {.kind = Kind::int32}), "7");
  EXPECT_EQ(converted(Kind::decimal, decimal("7.01"), {.kind = Kind::int32}), "!");
}

TEST(Conversion, OfRealsTakesWholeOnes) {
  EXPECT_EQ(converted(Kind::float64, real(1e15), {.kind = Kind::int64}), "1000000000000000");
  EXPECT_EQ(converted(Kind::float64, real(1.5), {.kind = Kind::int64}), "!");
  EXPECT_EQ(converted(Kind::float64, real(-0.0), {.kind = Kind::int64}), "!");
  EXPECT_EQ(converted(Kind::float64, real(9.3e18), {.kind = Kind::int64}), "!");
  EXPECT_EQ(converted(Kind::float64, real(std::numeric_limits<double>::quiet_NaN()),
                      {.kind = Kind::int64}),
            "!");
}

TEST(Conversion, ToRealsKeepsTheNumber) {
  EXPECT_EQ(converted(Kind::decimal, decimal("0.1"), {.kind = Kind::float64}), "0.1");
  EXPECT_EQ(converted(Kind::decimal, decimal("1.10"), {.kind = Kind::float64}), "1.1");
  EXPECT_EQ(converted(Kind::decimal, decimal("0.10000000000000000001"), {.kind = Kind::float64}),
            "!");
  EXPECT_EQ(
      converted(Kind::int64, cell_of(std::int64_t{9007199254740993}), {.kind = Kind::float64}),
      "!");
}

TEST(Conversion, OfTruthsTakesZeroAndOne) {
  EXPECT_EQ(converted(Kind::int16, cell_of(std::int16_t{1}), {.kind = Kind::boolean}), "true");
  EXPECT_EQ(converted(Kind::int16, cell_of(std::int16_t{2}), {.kind = Kind::boolean}), "!");
  EXPECT_EQ(converted(Kind::text, "f", {.kind = Kind::boolean}), "false");
  EXPECT_EQ(converted(Kind::text, "no", {.kind = Kind::boolean}), "!");
  EXPECT_EQ(converted(Kind::boolean, std::string(1, '\1'), {.kind = Kind::int32}), "1");
}

TEST(Conversion, OfBitsReadsThemAsANumber) {
  const std::string bits = cell_of(std::int32_t{4}) + "\xA0";  // 1010
  EXPECT_EQ(converted(Kind::bits, bits, {.kind = Kind::int32}), "10");
  EXPECT_EQ(converted(Kind::bits, bits, {.kind = Kind::text}), "1010");
  EXPECT_EQ(converted(Kind::bits, bits, {.kind = Kind::bits, .length = 5, .fixed = true}), "!");
}

TEST(Conversion, OfMomentsLosesNoTime) {
  const std::int64_t day = 86'400'000'000;
  EXPECT_EQ(converted(Kind::timestamp, cell_of(day), {.kind = Kind::date}), "2000-01-02");
  EXPECT_EQ(converted(Kind::timestamp, cell_of(day + 1), {.kind = Kind::date}), "!");
  EXPECT_EQ(converted(Kind::timestamp, cell_of(-day), {.kind = Kind::timestamptz}),
            "1999-12-31 00:00:00+00");
  EXPECT_EQ(converted(Kind::timestamp, cell_of(std::int64_t{1000}),
                      {.kind = Kind::timestamp, .precision = 4}),
            "2000-01-01 00:00:00.001");
  EXPECT_EQ(converted(Kind::timestamp, cell_of(std::int64_t{1}),
                      {.kind = Kind::timestamp, .precision = 4}),
            "!");
  EXPECT_EQ(converted(Kind::date, cell_of(std::numeric_limits<std::int32_t>::max()),
                      {.kind = Kind::timestamp}),
            "infinity");
}

TEST(Conversion, CutsTextsWhereItMay) {
  const Type three{.kind = Kind::text, .length = 3};
  EXPECT_EQ(converted(Kind::text, "abcd", three), "!");
  EXPECT_EQ(converted(Kind::text, "\u00e9\u00e9\u00e9", three), "\u00e9\u00e9\u00e9");
  EXPECT_EQ(converted(Kind::text, "\u00e9\u00e9\u00e9\u00e9", three, false, true),
            "\u00e9\u00e9\u00e9");
  EXPECT_EQ(converted(Kind::text, std::string("a\0b\0cd", 6), three, true, true), "abc");
  EXPECT_EQ(converted(Kind::bytes, "abcd", {.kind = Kind::bytes, .length = 2}, false, true),
            "6162");
}

TEST(Conversion, IsNotThereWhereItWouldMeanNothing) {
  EXPECT_EQ(converted(Kind::interval, "", {.kind = Kind::date}), "(none)");
  EXPECT_EQ(converted(Kind::bytes, "", {.kind = Kind::int32}), "(none)");
  EXPECT_EQ(converted(Kind::uuid, "", {.kind = Kind::timestamp}), "(none)");
}

TEST(Conversion, OfBytesToTextNeedsUtf8) {
  EXPECT_EQ(converted(Kind::bytes, "\xff", {.kind = Kind::text}), "!");
  EXPECT_EQ(converted(Kind::bytes, "\u00e9", {.kind = Kind::text}), "\u00e9");
  EXPECT_EQ(converted(Kind::bytes, std::string(16, '\x01'), {.kind = Kind::uuid}),
            "01010101-0101-0101-0101-010101010101");
}

}  // namespace
}  // namespace rowferry
