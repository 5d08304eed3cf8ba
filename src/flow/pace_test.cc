#include "flow/pace.h"

#include <gtest/gtest.h>

namespace rowferry {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class PaceTest : public ::testing::Test {
 protected:
  milliseconds wait(std::int64_t bytes, milliseconds at) {
    const auto due = pace_.due(bytes, start_ + at);
    return std::chrono::duration_cast<milliseconds>(due - (start_ + at));
  }

  const Pace::Clock::time_point start_{seconds(1000)};
  Pace pace_{1000, start_};
};

TEST_F(PaceTest, NothingGoesBeforeItsTime) {
  EXPECT_EQ(wait(500, milliseconds(0)), milliseconds(500));
  EXPECT_EQ(wait(1500, milliseconds(0)), milliseconds(2000));
  EXPECT_EQ(wait(0, milliseconds(1000)), milliseconds(1000));
}

TEST_F(PaceTest, AnUnusedSecondIsMadeUpForAndNoMore) {
  EXPECT_LE(wait(1000, seconds(60)), milliseconds(0));
  EXPECT_EQ(wait(1000, seconds(60)), seconds(1));
}

TEST_F(PaceTest, OneByteASecondOfALargeRowIsNoOverflow) {
  Pace slow(1, start_);
  EXPECT_EQ(slow.due(1'000'000'000, start_) - start_, seconds(1'000'000'000));
}

}  // namespace
}  // namespace rowferry
