#include "engine/mysql/printed.h"

#include <gtest/gtest.h>

namespace rowferry::mysql {
namespace {

TEST(PrintedTest, DoublesQuotesAndKeepsTheBackslashItself) {
  EXPECT_EQ(plain_strings(R"(concat('it\'s', 'a\\b'))"), R"(concat('it''s', 'a\\b'))");
  EXPECT_EQ(plain_strings(R"('one\ntwo\tthree')"), "'one\ntwo\tthree'");
  EXPECT_EQ(plain_strings(R"(`a\b` like '10\%')"), R"(`a\b` like '10\\%')");
}

TEST(PrintedTest, LeavesIntroducersOfUnicodeOut) {
  EXPECT_EQ(plain_strings("_utf8mb4'x' <> _latin1'y'"), "'x' <> _latin1'y'");
  EXPECT_EQ(plain_strings("a_utf8'x'"), "a_utf8'x'");
  EXPECT_EQ(plain_strings("'_utf8''x'"), "'_utf8''x'");
}

TEST(PrintedTest, FindsWhatStandsOutsideStringsAndNames) {
  EXPECT_TRUE(holds_outside_strings("a || b", "||"));
  EXPECT_FALSE(holds_outside_strings("a = '||'", "||"));
  EXPECT_FALSE(holds_outside_strings("`||` = 1", "||"));
  EXPECT_TRUE(holds_outside_strings(R"('\'' || b)", "||"));
  EXPECT_FALSE(holds_outside_strings(R"('\' || b')", "||"));
}

TEST(PrintedTest, UndoesTheEscapesOfAStringAroundTheWhole) {
  EXPECT_EQ(unescaped(R"(concat(\'a\\nb\'))"), R"(concat('a\nb'))");
  EXPECT_EQ(unescaped(R"(a\)"), R"(a\)");
}

TEST(PrintedTest, ReadsWhatMysqlTellsAsLatin1) {
  EXPECT_EQ(recoded("a <> 'Ã©'"), "a <> 'é'");
  EXPECT_EQ(recoded("'\xC3\xB0\xC2\x9F\xC2\x98\xC2\x81'"), "'\U0001F601'");
  EXPECT_EQ(recoded("a <> 'é'"), "a <> 'é'");
  EXPECT_EQ(recoded("'€'"), "'€'");
}

TEST(PrintedTest, FindsRareSignsAgainThatBecameQuestionMarks) {
  const std::string whole =
      "CREATE TABLE t (g AS (concat(a,'\U0001F600?')), CHECK (a <> '\U0001F601'))";
  EXPECT_EQ(restored("concat(a,'?\?\?\?\?')", whole), "concat(a,'\U0001F600?')");
  EXPECT_EQ(restored("a <> '?\?\?\?'", whole), "a <> '\U0001F601'");
  EXPECT_EQ(restored("a <> '?' AND b", whole), std::nullopt);
  EXPECT_EQ(restored("x = '?'", "x = '\U0001F600', x = '\U0001F601'"), std::nullopt);
  EXPECT_EQ(restored("x = '?'", "x = 'ab'"), std::nullopt);
}

}  // namespace
}  // namespace rowferry::mysql
