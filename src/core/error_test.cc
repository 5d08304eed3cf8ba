#include "core/error.h"

#include <gtest/gtest.h>

namespace rowferry {
namespace {

Error failed() {
  return Error(ErrorKind::data, "row.value", "too large");
}

TEST(ErrorTest, NamesPlacesFromTheOutsideIn) {
  EXPECT_EQ(failed().at("column b").at("table t").line(), "table t, column b: too large");
}

TEST(ErrorTest, NamesAPlaceOnceThatTwoLayersKnow) {
  EXPECT_EQ(failed().at("table t").at("table t").line(), "table t: too large");
  EXPECT_EQ(failed().at("row 1").at("table t").at("table t").line(), "table t, row 1: too large");
  EXPECT_EQ(failed().at("table t2").at("table t").line(), "table t, table t2: too large");
}

}  // namespace
}  // namespace rowferry
