#include "flow/form.h"

#include <gtest/gtest.h>

#include "core/value.h"

namespace rowferry {
namespace {

std::string formed(const Form& form, std::string_view cell) {
  Batch batch;
  add_formed(form, cell, batch);
  return std::string(batch.bytes().substr(4));
}

std::string decimal(const char* text) {
  Batch batch;
  add_decimal(batch, text, {.kind = Kind::decimal});
  return std::string(batch.bytes().substr(4));
}

TEST(Form, GivesDecimalsTheColumnsScale) {
  const Form form{.scale = 3};
  EXPECT_EQ(formed(form, decimal("1.5")), formed(form, decimal("1.500")));
  EXPECT_EQ(to_text(Kind::decimal, formed(form, decimal("1.5"))), "1.500");
  EXPECT_EQ(to_text(Kind::decimal, formed(form, decimal("-20"))), "-20.000");
  EXPECT_NE(formed(form, decimal("1.5001")), formed(form, decimal("1.500")));
  EXPECT_EQ(to_text(Kind::decimal, formed(form, decimal("NaN"))), "NaN");
}

TEST(Form, LeavesSpacesAtTheEndOutOnlyWhereTheyStandForNothing) {
  EXPECT_EQ(formed({.trimmed = true}, "ab  "), "ab");
  EXPECT_EQ(formed({.trimmed = true}, "   "), "");
  EXPECT_EQ(formed({.document = true}, R"({"b": 1, "a": 2})"), R"({"a":2,"b":1})");
  EXPECT_EQ(formed({.document = true}, "no document "), "no document ");
}

TEST(Form, MakesWhatHasNoFormUnlikeAnythingElse) {
  const Form form{.conversion = conversion(Kind::text, {.kind = Kind::int32}, false, false)};
  EXPECT_EQ(formed(form, "7"), std::string("\0\0\0\7", 4));
  EXPECT_EQ(formed(form, "x"), "\xffx");
}

}  // namespace
}  // namespace rowferry
