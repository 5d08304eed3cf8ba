#include "core/page.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace rowferry {
namespace {

Page page(std::int64_t number, Bound lower, Bound upper, std::string part = "") {
  return {.part = std::move(part),
          .number = number,
          .lower = std::move(lower),
          .upper = std::move(upper)};
}

TEST(Bound, GoesToTextAndBack) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const Bound& bound :
       {Bound{}, Bound{""}, Bound{"", ""}, Bound{"1", "two"}, Bound{"a\"b\\c", "[\",\"]"},
        Bound{"\\u0041", "tab\tline\n"}, Bound{all}, Bound{"Grüße", "日本"}}) {
    EXPECT_EQ(to_bound(to_text(bound)), bound) << to_text(bound);
  }
}

TEST(Bound, IsJson) {
  EXPECT_EQ(to_text(Bound{}), "");
  EXPECT_EQ(to_text(Bound{"a\"b", "c\\d\n"}), R"(["a\"b","c\\d\u000a"])");
}

TEST(Bound, RefusesOtherText) {
  for (const char* text : {"x", "[", "[\"a", "[\"a]", "[a]", "{\"a\":1}", "[\"a\\u00\"]"}) {
    EXPECT_THROW(to_bound(text), Error) << text;
  }
}

Gap gap_between(std::int64_t after, std::int64_t before) {
  return {.part = "", .lower = {}, .upper = {}, .after = after, .before = before};
}

TEST(Gaps, NothingLandedIsOneOpenGap) {
  const auto gaps = gaps_between({}, "");
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_TRUE(gaps[0].lower.empty());
  EXPECT_TRUE(gaps[0].upper.empty());
  EXPECT_EQ(gaps[0].before, 0);
}

TEST(Gaps, OneOpenPageIsTheWholeTable) {
  EXPECT_TRUE(gaps_between({page(kPageStride, {}, {})}, "").empty());
}

TEST(Gaps, TilesInAnyOrderLeaveNone) {
  EXPECT_TRUE(
      gaps_between({page(30, {"20"}, {}), page(10, {}, {"10"}), page(20, {"10"}, {"20"})}, "")
          .empty());
}

TEST(Gaps, AreFoundBeforeBetweenAndBehind) {
  const auto gaps = gaps_between({page(40, {"30"}, {"40"}), page(20, {"10"}, {"20"})}, "");
  ASSERT_EQ(gaps.size(), 3U);
  EXPECT_EQ(gaps[0].lower, Bound{});
  EXPECT_EQ(gaps[0].upper, Bound{"10"});
  EXPECT_EQ(gaps[0].after, 0);
  EXPECT_EQ(gaps[0].before, 20);
  EXPECT_EQ(gaps[1].lower, Bound{"20"});
  EXPECT_EQ(gaps[1].upper, Bound{"30"});
  EXPECT_EQ(gaps[1].after, 20);
  EXPECT_EQ(gaps[1].before, 40);
  EXPECT_EQ(gaps[2].lower, Bound{"40"});
  EXPECT_EQ(gaps[2].upper, Bound{});
  EXPECT_EQ(gaps[2].after, 40);
  EXPECT_EQ(gaps[2].before, 0);
}

TEST(Gaps, AreThoseOfOnePart) {
  const std::vector<Page> landed = {page(10, {}, {"1"}, "s.a"), page(20, {"1"}, {}, "s.a"),
                                    page(10, {}, {"1"}, "s.b")};
  EXPECT_TRUE(gaps_between(landed, "s.a").empty());
  const auto gaps = gaps_between(landed, "s.b");
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].part, "s.b");
  EXPECT_EQ(gaps[0].lower, Bound{"1"});
}

TEST(Gaps, CountTheFreshPagesTheyStandFor) {
  const auto gaps = gaps_between({page(4 * kPageStride, {"3"}, {"4"})}, "");
  EXPECT_EQ(gaps[0].missing(), 3);
  EXPECT_EQ(gaps[1].missing(), 0);
}

TEST(Numbers, GrowByTheStrideWhereNothingFollows) {
  EXPECT_EQ(number_pages(gap_between(5, 0), 2),
            (std::vector<std::int64_t>{5 + kPageStride, 5 + 2 * kPageStride}));
}

TEST(Numbers, StayBetweenTheNeighbours) {
  const Gap gap = gap_between(100, 104);
  EXPECT_EQ(number_pages(gap, 3), (std::vector<std::int64_t>{101, 102, 103}));
  EXPECT_THROW(number_pages(gap, 4), Error);
}

TEST(Numbers, LeaveRoomToCutAgain) {
  Gap gap = gap_between(kPageStride, 3 * kPageStride);
  for (int depth = 0; depth < 4; ++depth) {
    const auto numbers = number_pages(gap, 15);
    gap.after = numbers[7];
    gap.before = numbers[8];
    EXPECT_LT(gap.after, gap.before);
  }
}

TEST(Cut, IsDescribed) {
  EXPECT_EQ(describe(Cut{}), "one page");
  EXPECT_EQ(describe(Cut{.by = Cut::By::key, .columns = {"a", "b"}}), "key (a, b)");
  EXPECT_EQ(describe(Cut{.by = Cut::By::physical, .columns = {"ctid"}}), "physical (ctid)");
}

}  // namespace
}  // namespace rowferry
