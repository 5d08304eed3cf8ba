#include "engine/sqlite/catalog.h"

#include "engine/sqlite/describe.h"
#include "engine/sqlite/test_database.h"

namespace rowferry::sqlite {
namespace {

using CatalogTest = TestDatabase;

TEST_F(CatalogTest, ReadsColumnsKeysAndIdentity) {
  run("CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x TEXT NOT NULL DEFAULT (1 + 1));"
      "CREATE TABLE b(id INTEGER PRIMARY KEY, g AS (id * 2)); CREATE TABLE c(id INT PRIMARY KEY);"
      "CREATE TABLE d(x TEXT, y TEXT, PRIMARY KEY(y, x)) WITHOUT ROWID;"
      "INSERT INTO a(id) VALUES (7), (9); DELETE FROM a WHERE id = 9; INSERT INTO b VALUES (-3)");
  const Table a = table("a");
  EXPECT_EQ(a.columns[0].identity->how, Identity::How::by_default);
  EXPECT_EQ(a.columns[0].identity->sequence.next, 10);
  EXPECT_FALSE(a.columns[0].nullable);
  EXPECT_EQ(a.columns[1].default_value->text, "1 + 1");
  EXPECT_EQ(a.rows, 1);
  const Table b = table("b");
  EXPECT_EQ(b.columns[0].identity->how, Identity::How::implicit);
  EXPECT_EQ(b.columns[0].identity->sequence.next, 1);
  EXPECT_FALSE(b.columns[1].generated->stored);
  EXPECT_EQ(b.columns[1].generated->expression.text, "id * 2");
  const Table c = table("c");
  EXPECT_FALSE(c.columns[0].identity);
  EXPECT_TRUE(c.columns[0].nullable);
  EXPECT_EQ(c.primary_key->parts[0].column, "id");
  const Table d = table("d");
  EXPECT_EQ(d.options, "WITHOUT ROWID");
  EXPECT_EQ(d.primary_key->parts[0].column, "y");
  EXPECT_FALSE(d.columns[0].nullable);
}

TEST_F(CatalogTest, ReadsReferencesWithTheirNames) {
  run("CREATE TABLE Parent(x INTEGER PRIMARY KEY, y UNIQUE);"
      "CREATE TABLE child(a CONSTRAINT first REFERENCES parent, b REFERENCES parent(y)"
      " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)");
  const Table child = table("child");
  ASSERT_EQ(child.foreign_keys.size(), 2U);
  EXPECT_EQ(child.foreign_keys[0].name, "first");
  EXPECT_EQ(child.foreign_keys[0].to.table, "Parent");
  EXPECT_EQ(child.foreign_keys[0].to_columns, (std::vector<std::string>{"x"}));
  EXPECT_EQ(child.foreign_keys[1].columns, (std::vector<std::string>{"b"}));
  EXPECT_EQ(child.foreign_keys[1].on_delete, "CASCADE");
  EXPECT_EQ(child.foreign_keys[1].on_update, "");
  EXPECT_EQ(child.foreign_keys[1].deferral, "DEFERRABLE INITIALLY DEFERRED");
}

TEST_F(CatalogTest, ReadsIndexes) {
  run("CREATE TABLE t(a TEXT COLLATE NOCASE, b, c, UNIQUE (a, b), CONSTRAINT named UNIQUE (c));"
      "CREATE UNIQUE INDEX i ON t(a COLLATE NOCASE, b COLLATE RTRIM DESC, (b || c)) WHERE a > 'x';"
      "CREATE INDEX t_a_b_key2 ON t(b)");
  const Table t = table("t");
  ASSERT_EQ(t.indexes.size(), 4U);
  EXPECT_EQ(t.indexes[0].name, "t_a_b_key");
  EXPECT_TRUE(t.indexes[0].constraint);
  EXPECT_EQ(t.indexes[1].name, "named");
  const Index& i = t.indexes[2];
  EXPECT_TRUE(i.unique);
  EXPECT_FALSE(i.constraint);
  EXPECT_EQ(i.parts[0].collation, "");
  EXPECT_EQ(i.parts[1].collation, "RTRIM");
  EXPECT_TRUE(i.parts[1].descending);
  EXPECT_EQ(i.parts[2].column, "");
  EXPECT_EQ(i.parts[2].expression->text, "b || c");
  EXPECT_EQ(i.predicate->text, "a > 'x'");
}

TEST_F(CatalogTest, LeavesOutWhatIsNoTableToCopy) {
  run("CREATE TABLE t(a PRIMARY KEY ON CONFLICT REPLACE); CREATE VIEW v AS SELECT 1;"
      "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;"
      "CREATE VIRTUAL TABLE f USING fts5(x); CREATE TABLE _rowferry_page(x);"
      "CREATE TABLE s(i INTEGER PRIMARY KEY AUTOINCREMENT); CREATE VIEW broken AS SELECT * FROM "
      "no");
  const Schema schema = describe();
  ASSERT_EQ(schema.tables.size(), 2U);
  EXPECT_EQ(schema.others, (std::vector<std::string>{"view v", "trigger g on t", "virtual table f",
                                                     "view broken"}));
  EXPECT_EQ(schema.tables[0].notes,
            (std::vector<std::string>{"ON CONFLICT REPLACE is not carried over"}));
}

TEST_F(CatalogTest, TurnsNamesInDefaultsIntoText) {
  EXPECT_EQ(default_expression("abc"), "'abc'");
  EXPECT_EQ(default_expression("\"it's\""), "'it''s'");
  EXPECT_EQ(default_expression("[x y]"), "'x y'");
  EXPECT_EQ(default_expression("current_timestamp"), "current_timestamp");
  EXPECT_EQ(default_expression("true"), "true");
  EXPECT_EQ(default_expression("'abc'"), "'abc'");
  EXPECT_EQ(default_expression("-5"), "-5");
  EXPECT_EQ(default_expression("datetime('now')"), "datetime('now')");
}

TEST_F(CatalogTest, RunsAScriptWholeOrNotAtAll) {
  SqliteCatalog catalog(open());
  EXPECT_THROW(catalog.execute("CREATE TABLE a(x); CREATE TABLE a(x)"), Error);
  EXPECT_TRUE(describe().tables.empty());
  catalog.execute("CREATE TABLE a(x); INSERT INTO a VALUES (1), (NULL);");
  const sql::Rows rows = catalog.query("SELECT x FROM a");
  EXPECT_EQ(rows[0][0], "1");
  EXPECT_EQ(rows[1][0], std::nullopt);
}

TEST_F(CatalogTest, EstimatesFromAFewPages) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, x);"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)"
      "INSERT INTO t SELECT i, printf('%0100d', i) FROM n");
  EXPECT_NEAR(static_cast<double>(table("t").rows), 30000, 3000);
  EXPECT_NEAR(static_cast<double>(table("t").bytes), 3.2e6, 3e5);
}

}  // namespace
}  // namespace rowferry::sqlite
