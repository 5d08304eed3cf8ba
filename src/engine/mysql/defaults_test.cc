#include "engine/mysql/defaults.h"

#include <gtest/gtest.h>

namespace rowferry::mysql {
namespace {

// The default as `server` gets it; "none" where it is left out, which must be said.
std::string fitted(const std::string& native, const std::string& text, const std::string& server) {
  Table table;
  Column column;
  column.name = "c";
  column.native = native;
  column.default_value = Expression{.text = text, .flavour = "mysql"};
  table.columns.push_back(column);
  const std::vector<Loss> losses = fit_defaults(table, server);
  const auto& made = table.columns[0].default_value;
  EXPECT_EQ(losses.empty(), static_cast<bool>(made));
  return made ? made->text : "none";
}

TEST(DefaultsTest, KeepLiterals) {
  for (const char* text : {"'it''s'", "''", "-1.5", "1e5", "0x00ff", "b'101'", "NULL", "TRUE"}) {
    EXPECT_EQ(fitted("varchar(10)", text, "mysql"), text);
    EXPECT_EQ(fitted("varchar(10)", text, "tidb"), text);
  }
  EXPECT_EQ(fitted("int", "((7))", "mysql"), "7");
}

TEST(DefaultsTest, PutExpressionsInBrackets) {
  EXPECT_EQ(fitted("int", "1 + 2", "mysql"), "(1 + 2)");
  EXPECT_EQ(fitted("varchar(10)", "'a' 'b'", "mysql"), "('a' 'b')");
  EXPECT_EQ(fitted("varchar(10)", "(1) + (2)", "mariadb"), "((1) + (2))");
}

TEST(DefaultsTest, PutLiteralsOfLongColumnsInBracketsWhereTheServerWantsThem) {
  EXPECT_EQ(fitted("longtext", "'x'", "mysql"), "('x')");
  EXPECT_EQ(fitted("longtext", "'x'", "mariadb"), "'x'");
  EXPECT_EQ(fitted("longtext", "'x'", "tidb"), "none");
  EXPECT_EQ(fitted("json", "NULL", "mysql"), "NULL");
}

TEST(DefaultsTest, GiveTheCurrentTimeTheColumnsPrecision) {
  EXPECT_EQ(fitted("datetime(3)", "now()", "mysql"), "CURRENT_TIMESTAMP(3)");
  EXPECT_EQ(fitted("timestamp", "CURRENT_TIMESTAMP(6)", "tidb"), "CURRENT_TIMESTAMP");
}

TEST(DefaultsTest, LeaveOutWhatTidbDoesNotKnow) {
  EXPECT_EQ(fitted("varchar(36)", "uuid()", "tidb"), "(uuid())");
  EXPECT_EQ(fitted("int", "1 + 2", "tidb"), "none");
}

}  // namespace
}  // namespace rowferry::mysql
