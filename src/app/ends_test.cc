#include "app/ends.h"

#include <gtest/gtest.h>

namespace rowferry {
namespace {

std::string wiped(std::string text) {
  std::string program = "rowferry";
  char* arguments[] = {program.data(), text.data()};
  wipe_passwords(2, arguments);
  return text;
}

TEST(WipePasswords, LeavesNothingToRead) {
  EXPECT_EQ(wiped("postgres://ann:secret@h:5432/db"), "postgres://ann:xxxxxx@h:5432/db");
  EXPECT_EQ(wiped("postgres://ann:a@b:c@h/db"), "postgres://ann:xxxxx@h/db");
  EXPECT_EQ(wiped("postgres://ann:se/cret@h/db"), "postgres://ann:xxxxxxx@h/db");
  EXPECT_EQ(wiped("postgres:///db?a=b&password=secret&c=d"),
            "postgres:///db?a=b&password=xxxxxx&c=d");
  EXPECT_EQ(wiped("postgres://h/db?password=one&password=two"),
            "postgres://h/db?password=xxx&password=xxx");
}

TEST(WipePasswords, LeavesOtherArgumentsAlone) {
  for (const char* text : {"copy", "sqlite:a:b@c.db", "postgres://ann@h:5432/db", "--where",
                           "t=password='x'", "postgres://h:5432/db?options=a@b"}) {
    EXPECT_EQ(wiped(text), text);
  }
}

TEST(WantsPassword, OnlyServersWithoutOne) {
  EXPECT_TRUE(wants_password(parse_url("postgres://ann@h/db")));
  EXPECT_FALSE(wants_password(parse_url("postgres://ann:pw@h/db")));
  EXPECT_FALSE(wants_password(parse_url("sqlite:a.db")));
}

TEST(ShellCommand, IsQuotedAndHasNoPassword) {
  EXPECT_EQ(
      shell_command({"rowferry", "copy", "postgres://a:pw@h/d?x=y", "--restart=true", "", "$x"}),
      "rowferry copy 'postgres://a@h/d?x=y' '' '$x'");
}

}  // namespace
}  // namespace rowferry
