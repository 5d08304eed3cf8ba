#include "core/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace rowferry {
namespace {

TEST(Utf8, NamesTheFirstFault) {
  EXPECT_EQ(fault_of("plain, \u00e9 and \U0001F600"), TextFault::none);
  EXPECT_EQ(fault_of(std::string("a\0b", 3)), TextFault::nul);
  EXPECT_EQ(fault_of(std::string("a\0b", 3), true), TextFault::none);
  EXPECT_EQ(fault_of(std::string("12345678\0\xff", 10), true), TextFault::not_utf8);
  for (const char* bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
    EXPECT_EQ(fault_of(bad), TextFault::not_utf8);
  }
}

TEST(Utf8, CountsAndCutsByCharacters) {
  const std::string text = "a\u00e9\U0001F600z";
  EXPECT_EQ(count_characters(text), 4U);
  EXPECT_EQ(text.substr(0, bytes_of(text, 2)), "a\u00e9");
  EXPECT_EQ(bytes_of(text, 3), 7U);
  EXPECT_EQ(bytes_of(text, 9), text.size());
  EXPECT_EQ(bytes_of("", 3), 0U);
}

}  // namespace
}  // namespace rowferry
