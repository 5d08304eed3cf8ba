#include "engine/sqlite/create_table.h"

#include <gtest/gtest.h>

#include "engine/sqlite/tokens.h"

namespace rowferry::sqlite {
namespace {

TEST(Tokens, PassesOverCommentsAndReadsAllQuotes) {
  const auto tokens =
      tokens_of("a -- b\n\"c\"\"d\" [e f] `g``h` 'i''j' /* k */ x'0f' 1.5e-3 0xfe-1");
  std::vector<std::string> texts;
  for (const Token& token : tokens) texts.push_back(token.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"a", "c\"d", "e f", "g`h", "i'j", "0f", "1.5e-3",
                                             "0xfe", "-", "1", ""}));
}

TEST(Tokens, EndsWhereTextStopsWithinQuotes) {
  EXPECT_EQ(tokens_of("'abc").size(), 2U);
  EXPECT_EQ(tokens_of("/* abc").size(), 1U);
  EXPECT_EQ(tokens_of("").size(), 1U);
}

TEST(CreateTable, ReadsColumnsWithTypesAndDefaults) {
  const CreateTable table = parse_create_table(
      "CREATE TABLE \"odd (name\" (a, b VARCHAR (10, 2) DEFAULT (1 + (2)) NOT NULL, "
      "[c d] UNSIGNED BIG INT DEFAULT -5, `e` DEFAULT 'x, y) ', f DEFAULT CURRENT_TIMESTAMP NULL)");
  ASSERT_EQ(table.columns.size(), 5U);
  EXPECT_EQ(table.columns[2].name, "c d");
  EXPECT_EQ(table.columns[4].name, "f");
}

TEST(CreateTable, ReadsChecksWithNamesAndNesting) {
  const CreateTable table = parse_create_table(
      "CREATE TABLE t(a INT CONSTRAINT \"pos itive\" CHECK ( a > (0) ), b CHECK (b <> ')' /* ) */),"
      " c, CONSTRAINT order_ok CHECK(a < b AND (c OR b)), CHECK (length(c) < 10))");
  ASSERT_EQ(table.checks.size(), 4U);
  EXPECT_EQ(table.checks[0].name, "pos itive");
  EXPECT_EQ(table.checks[0].expression, "a > (0)");
  EXPECT_EQ(table.checks[1].name, "");
  EXPECT_EQ(table.checks[1].expression, "b <> ')'");
  EXPECT_EQ(table.checks[2].name, "order_ok");
  EXPECT_EQ(table.checks[2].expression, "a < b AND (c OR b)");
  EXPECT_EQ(table.checks[3].expression, "length(c) < 10");
}

TEST(CreateTable, ReadsGeneratedColumnsAndCollations) {
  const CreateTable table = parse_create_table(
      "create table t(a int, b text collate nocase, c int generated always as (a * (2)) stored,"
      " d AS (a || ')') VIRTUAL NOT NULL, generated int)");
  ASSERT_EQ(table.columns.size(), 5U);
  EXPECT_EQ(table.columns[1].collation, "nocase");
  EXPECT_EQ(table.columns[2].generated, "a * (2)");
  EXPECT_EQ(table.columns[3].generated, "a || ')'");
  EXPECT_EQ(table.columns[4].name, "generated");
  EXPECT_EQ(table.columns[4].generated, "");
}

TEST(CreateTable, ReadsKeysAndConflictClauses) {
  const CreateTable table = parse_create_table(
      "CREATE TABLE t(id INTEGER CONSTRAINT pk PRIMARY KEY ASC ON CONFLICT REPLACE AUTOINCREMENT,"
      " b UNIQUE ON CONFLICT IGNORE, c NOT NULL ON CONFLICT ABORT,"
      " CONSTRAINT u UNIQUE (b COLLATE NOCASE DESC, \"c\") CONSTRAINT v UNIQUE(c))");
  EXPECT_TRUE(table.autoincrement);
  ASSERT_EQ(table.keys.size(), 4U);
  EXPECT_EQ(table.keys[0].name, "pk");
  EXPECT_TRUE(table.keys[0].primary);
  EXPECT_EQ(table.keys[1].name, "");
  EXPECT_EQ(table.keys[2].name, "u");
  EXPECT_EQ(table.keys[2].columns, (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ(table.keys[3].name, "v");
  EXPECT_EQ(table.on_conflict, (std::vector<std::string>{"REPLACE", "IGNORE"}));
}

TEST(CreateTable, ReadsAutoincrementOfATableConstraint) {
  EXPECT_TRUE(
      parse_create_table("CREATE TABLE t(a INTEGER, PRIMARY KEY(a AUTOINCREMENT))").autoincrement);
  EXPECT_FALSE(
      parse_create_table("CREATE TABLE t(\"autoincrement\" INTEGER PRIMARY KEY)").autoincrement);
}

TEST(CreateTable, ReadsReferencesInOrderWithDeferral) {
  const CreateTable table = parse_create_table(
      "CREATE TABLE t(a REFERENCES p ON DELETE SET NULL NOT DEFERRABLE INITIALLY DEFERRED NOT NULL,"
      " b CONSTRAINT fk REFERENCES \"p q\"(x) MATCH FULL ON UPDATE NO ACTION DEFERRABLE,"
      " c, CONSTRAINT many FOREIGN KEY (a, b) REFERENCES r (y, z) ON DELETE CASCADE"
      " DEFERRABLE INITIALLY DEFERRED, CHECK (c))");
  ASSERT_EQ(table.references.size(), 3U);
  EXPECT_EQ(table.references[0].deferral, "");
  EXPECT_EQ(table.references[1].name, "fk");
  EXPECT_EQ(table.references[1].deferral, "DEFERRABLE");
  EXPECT_EQ(table.references[2].name, "many");
  EXPECT_EQ(table.references[2].deferral, "DEFERRABLE INITIALLY DEFERRED");
  EXPECT_EQ(table.columns.size(), 3U);
  EXPECT_EQ(table.checks.size(), 1U);
}

TEST(CreateIndex, ReadsExpressionsAndPredicate) {
  const CreateIndex index = parse_create_index(
      "CREATE UNIQUE INDEX \"i (\" ON t (lower(a) COLLATE NOCASE DESC, b, (a + b) ASC, c || ','"
      " COLLATE RTRIM) WHERE a > 0 AND b IN ('x)', 2) -- end");
  EXPECT_EQ(index.parts, (std::vector<std::string>{"lower(a)", "b", "a + b", "c || ','"}));
  EXPECT_EQ(index.predicate, "a > 0 AND b IN ('x)', 2)");
}

TEST(CreateIndex, KeepsACollationWithinAnExpression) {
  const CreateIndex index = parse_create_index("CREATE INDEX i ON t (a COLLATE NOCASE || b)");
  EXPECT_EQ(index.parts, (std::vector<std::string>{"a COLLATE NOCASE || b"}));
}

}  // namespace
}  // namespace rowferry::sqlite
