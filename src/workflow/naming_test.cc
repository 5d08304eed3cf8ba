#include "workflow/naming.h"

#include <gtest/gtest.h>

namespace rowferry {
namespace {

TEST(Naming, WritesSnakeCase) {
  const auto snake = [](const char* name) { return in_case(name, LetterCase::snake); };
  EXPECT_EQ(snake("OrderLines"), "order_lines");
  EXPECT_EQ(snake("orderID"), "order_id");
  EXPECT_EQ(snake("HTTPServer"), "http_server");
  EXPECT_EQ(snake("Unit Price-2"), "unit_price_2");
  EXPECT_EQ(snake("Already_Snake"), "already_snake");
  EXPECT_EQ(snake("line2Item"), "line2_item");
  EXPECT_EQ(snake(""), "");
}

TEST(Naming, LowersAsciiOnly) {
  EXPECT_EQ(in_case("ÄOrder", LetterCase::lower), "Äorder");
  EXPECT_EQ(in_case("Keep", LetterCase::keep), "Keep");
}

}  // namespace
}  // namespace rowferry
