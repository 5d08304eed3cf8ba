#include "engine/sqlite/dialect.h"

#include "engine/sqlite/pager.h"
#include "engine/sqlite/reader.h"
#include "engine/sqlite/test_database.h"

namespace rowferry::sqlite {
namespace {

class DialectTest : public TestDatabase {
 protected:
  // How SQLite would read the page of `name` between the bounds.
  std::string plan_of(const std::string& name, const Bound& lower, const Bound& upper,
                      const std::string& where = "") {
    const Table table = this->table(name);
    TableRead read;
    read.table = table;
    read.where = where;
    SqlitePager pager(Lease(open()), std::make_shared<Wal>());
    read.cut = pager.choose(table);
    const std::string query = page_query(read, {"", 0, lower, upper}, {"*"});
    return open().query("EXPLAIN QUERY PLAN " + query)[0][3].value_or("");
  }

  SqliteDialect dialect_{ServerFacts{}};
};

TEST_F(DialectTest, SeeksRangesOfRowids) {
  run("CREATE TABLE a(id INTEGER PRIMARY KEY, x); CREATE TABLE b(rowid, x); CREATE INDEX i ON "
      "a(x)");
  EXPECT_EQ(plan_of("a", {"-5"}, {"7"}),
            "SEARCH main.a USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)");
  EXPECT_EQ(plan_of("a", {"-5"}, {"7"}, "x = 3"),
            "SEARCH main.a USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)");
  EXPECT_EQ(plan_of("a", {}, {"7"}), "SEARCH main.a USING INTEGER PRIMARY KEY (rowid<?)");
  EXPECT_EQ(plan_of("b", {"5"}, {}), "SEARCH main.b USING INTEGER PRIMARY KEY (rowid>?)");
}

TEST_F(DialectTest, SeeksRangesOfKeys) {
  run("CREATE TABLE w(a TEXT, b INT, c, PRIMARY KEY(a, b)) WITHOUT ROWID;"
      "CREATE TABLE n(a TEXT, b INT, c, PRIMARY KEY(a COLLATE NOCASE, b)) WITHOUT ROWID;"
      "CREATE TABLE d(a TEXT, b INT, c, PRIMARY KEY(a DESC, b DESC)) WITHOUT ROWID;"
      "CREATE TABLE m(a TEXT, b INT, c, PRIMARY KEY(a, b DESC)) WITHOUT ROWID;"
      "CREATE TABLE u(a, b INT, PRIMARY KEY(a, b)) WITHOUT ROWID");
  const std::string both = " USING PRIMARY KEY ((a,b)>(?,?) AND (a,b)<(?,?))";
  EXPECT_EQ(plan_of("w", {"'x'", "1"}, {"'y'", "-2"}), "SEARCH main.w" + both);
  EXPECT_EQ(plan_of("w", {"+CAST(X'00' AS TEXT)", "1"}, {"'y'", "-2"}, "c = 2"),
            "SEARCH main.w" + both);
  EXPECT_EQ(plan_of("n", {"'x'", "1"}, {"'y'", "-2"}), "SEARCH main.n" + both);
  EXPECT_EQ(plan_of("d", {"'x'", "1"}, {"'y'", "-2"}), "SEARCH main.d" + both);
  EXPECT_EQ(plan_of("m", {"'x'"}, {"'y'"}), "SEARCH main.m USING PRIMARY KEY (a>? AND a<?)");
  EXPECT_EQ(plan_of("u", {"+CAST(X'00' AS TEXT)", "1"}, {"X'00'", "2"}), "SEARCH main.u" + both);
}

TEST_F(DialectTest, ChoosesARowidThatNoColumnHides) {
  run("CREATE TABLE a(rowid, oid); CREATE TABLE b(rowid, oid, _rowid_); CREATE TABLE c(\"a\" INT)");
  SqlitePager pager(Lease(open()), std::make_shared<Wal>());
  EXPECT_EQ(rowferry::describe(pager.choose(table("a"))), "physical (_rowid_)");
  EXPECT_EQ(rowferry::describe(pager.choose(table("b"))), "one page");
  EXPECT_EQ(rowferry::describe(pager.choose(table("c"))), "physical (rowid)");
}

// What describe() says of a table, written and described again.
TEST_F(DialectTest, WritesWhatItDescribed) {
  run("CREATE TABLE p(x INT, y TEXT, PRIMARY KEY(x, y));"
      "CREATE TABLE t(id INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, n TEXT COLLATE NOCASE "
      "NOT "
      "NULL DEFAULT 'a''b', d DEFAULT bare, m DECIMAL(10,2) CONSTRAINT pos CHECK (m > 0),"
      " g INT GENERATED ALWAYS AS (m * 2) VIRTUAL, s AS (n || 'x') STORED, px, py TEXT,"
      " CONSTRAINT fk FOREIGN KEY (px, py) REFERENCES P ON DELETE SET NULL ON UPDATE CASCADE"
      " DEFERRABLE INITIALLY DEFERRED, CONSTRAINT un UNIQUE(n, m), UNIQUE (d));"
      "CREATE INDEX i ON t(n COLLATE BINARY DESC, lower(d)) WHERE m > 5;"
      "CREATE TABLE q(a INTEGER PRIMARY KEY DESC, b); CREATE TABLE \"odd \"\" ' name\"(\"a b\" "
      "INT);"
      "CREATE TABLE w(a TEXT, b ANY, PRIMARY KEY(b DESC, a COLLATE NOCASE)) STRICT, WITHOUT ROWID;"
      "INSERT INTO t(id, n, m) VALUES (41, 'x', 1)");
  const Schema first = describe();
  const Connection copy = open("copy.db");
  for (const Table& table : first.tables) {
    for (const Statement& statement : dialect_.create(table)) copy.run(statement.sql);
  }
  const Schema again =
      SqliteCatalog(open("copy.db")).describe([](const TableName&) { return true; });
  ASSERT_EQ(again.tables.size(), first.tables.size());
  for (std::size_t i = 0; i < first.tables.size(); ++i) {
    std::string one;
    std::string two;
    for (const Statement& statement : dialect_.create(first.tables[i])) one += statement.sql + "\n";
    for (const Statement& statement : dialect_.create(again.tables[i])) two += statement.sql + "\n";
    EXPECT_EQ(one, two);
  }
  EXPECT_EQ(copy.query("SELECT seq FROM sqlite_sequence WHERE name = 't'")[0][0], "41");
  copy.run("INSERT INTO t(n, m) VALUES ('y', 2)");
  EXPECT_EQ(copy.query("SELECT max(id) FROM t")[0][0], "42");
}

TEST_F(DialectTest, DropsTablesThatReferToEachOther) {
  run("CREATE TABLE a(x INTEGER PRIMARY KEY, y REFERENCES b); "
      "CREATE TABLE b(y INTEGER PRIMARY KEY, x REFERENCES a);"
      "INSERT INTO a VALUES (1, 1); INSERT INTO b VALUES (1, 1)");
  run(dialect_.drop({{"", "a"}, {"", "b"}}));
  EXPECT_TRUE(describe().tables.empty());
}

TEST(SqliteDialect, PassesRowsOfEqualAffinityOnly) {
  const SqliteDialect dialect(ServerFacts{});
  const auto table = [](const char* native, const char* options) {
    Column column;
    column.native = native;
    Table made;
    made.columns = {column};
    made.options = options;
    return made;
  };
  EXPECT_EQ(dialect.native_rows(table("TEXT", ""), table("VARCHAR(2)", "")), RowFormat::native);
  EXPECT_EQ(dialect.native_rows(table("TEXT", ""), table("INT", "")), std::nullopt);
  EXPECT_EQ(dialect.native_rows(table("ANY", "STRICT"), table("ANY", "STRICT")), RowFormat::native);
  EXPECT_EQ(dialect.native_rows(table("ANY", "STRICT"), table("ANY", "")), std::nullopt);
  EXPECT_EQ(dialect.native_rows(table("ANY", ""), table("NUMERIC", "")), RowFormat::native);
}

}  // namespace
}  // namespace rowferry::sqlite
