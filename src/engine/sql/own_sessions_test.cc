#include "engine/sql/own_sessions.h"

#include <gtest/gtest.h>

#include <optional>

namespace rowferry::sql {
namespace {

using Ids = std::vector<std::string>;

TEST(OwnSessions, OthersAreThoseThatThisProcessHasNotOpened) {
  const OwnSession own("a", "1");
  const OwnSession elsewhere("b", "2");
  EXPECT_EQ(count_others("a", [] { return Ids{"1", "2", "3"}; }), 2);
}

TEST(OwnSessions, OneThatComesOrGoesWhileTheServerIsAskedIsOwn) {
  std::optional<OwnSession> going(std::in_place, "a", "1");
  std::optional<OwnSession> coming;
  const auto listed = [&] {
    going.reset();
    coming.emplace("a", "2");
    return Ids{"1", "2"};
  };
  EXPECT_EQ(count_others("a", listed), 0);
}

}  // namespace
}  // namespace rowferry::sql
