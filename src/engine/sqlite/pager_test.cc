#include "engine/sqlite/pager.h"

#include <algorithm>
#include <numeric>

#include "engine/sqlite/dialect.h"
#include "engine/sqlite/test_database.h"

namespace rowferry::sqlite {
namespace {

// 0, 1, 2, … below `count`.
std::string numbers(int count) {
  return "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < " +
         std::to_string(count) + ") ";
}

class PagerTest : public TestDatabase {
 protected:
  TableRead read(const std::string& name) {
    TableRead read;
    read.table = table(name);
    read.cut = SqlitePager(Lease(open()), std::make_shared<Wal>()).choose(read.table);
    return read;
  }

  std::vector<Page> cut(const TableRead& read, const PageSize& size, const Gap& gap = {}) {
    Connection connection = open();
    connection.run("BEGIN; SELECT 1 FROM sqlite_schema");
    auto wal = wal_of(connection);
    SqlitePager pager(Lease(std::move(connection)), wal);
    return pager.cut(read, gap, size);
  }

  std::vector<std::int64_t> sums(const TableRead& read, const std::vector<Page>& pages,
                                 const std::string& sum) {
    const Connection connection = open();
    std::vector<std::int64_t> out;
    for (const Page& page : pages) {
      const std::string range = range_condition(read.table, read.cut, page.lower, page.upper);
      out.push_back(std::stoll(*connection.query("SELECT coalesce(" + sum + ", 0) FROM " +
                                                 quote(read.table.name.table) + " WHERE " +
                                                 (range.empty() ? "true" : range))[0][0]));
    }
    return out;
  }

  void expect_tiled(const TableRead& read, const std::vector<Page>& pages) {
    ASSERT_FALSE(pages.empty());
    EXPECT_TRUE(pages.front().lower.empty());
    EXPECT_TRUE(pages.back().upper.empty());
    for (std::size_t i = 1; i < pages.size(); ++i) {
      EXPECT_EQ(pages[i].lower, pages[i - 1].upper);
      EXPECT_LT(pages[i - 1].number, pages[i].number);
    }
    const auto counts = sums(read, pages, "count(*)");
    EXPECT_EQ(std::to_string(std::accumulate(counts.begin(), counts.end(), std::int64_t{0})),
              value("SELECT count(*) FROM " + quote(read.table.name.table)));
  }

  // No page more than twice another, but for the last.
  static void expect_even(std::vector<std::int64_t> sums) {
    ASSERT_GT(sums.size(), 4U);
    const auto [least, most] = std::minmax_element(sums.begin(), sums.end() - 1);
    EXPECT_LE(*most, 2 * *least);
    EXPECT_LE(sums.back(), 2 * *least);
  }
};

TEST_F(PagerTest, CutsRowidsWithGapsEvenly) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, x TEXT);" + numbers(100000) +
      "INSERT INTO t SELECT CASE WHEN i % 3 = 0 THEN -i * 1000000000000 WHEN i % 3 = 1 THEN i"
      " ELSE 1000000000000000 + i END, printf('%0*d', 20 + i % 60, i) FROM n");
  const TableRead read = this->read("t");
  EXPECT_EQ(read.cut.by, Cut::By::key);
  const auto pages = cut(read, {.bytes = 256 << 10});
  expect_tiled(read, pages);
  expect_even(sums(read, pages, "sum(length(x) + 12)"));
  const auto by_rows = cut(read, {.rows = 5000});
  expect_tiled(read, by_rows);
  EXPECT_NEAR(static_cast<double>(by_rows.size()), 20, 3);
  expect_even(sums(read, by_rows, "count(*)"));
}

TEST_F(PagerTest, CutsCompositeKeysOfTextEvenly) {
  run("CREATE TABLE t(a TEXT COLLATE NOCASE, b INT, x, PRIMARY KEY(a, b)) WITHOUT ROWID;" +
      numbers(100000) +
      "INSERT INTO t SELECT CASE WHEN i % 2 THEN 'Key''' ELSE 'kEy''' END || (i / 100), i % 100,"
      " i FROM n");
  const TableRead read = this->read("t");
  EXPECT_EQ(read.cut.columns.size(), 2U);
  for (const PageSize& size : {PageSize{.bytes = 128 << 10}, PageSize{.rows = 4000}}) {
    const auto pages = cut(read, size);
    expect_tiled(read, pages);
    expect_even(sums(read, pages, "count(*)"));
  }
}

TEST_F(PagerTest, CutsKeysThatDescendOrMixClasses) {
  run("CREATE TABLE d(a INT, b TEXT, PRIMARY KEY(a DESC, b DESC)) WITHOUT ROWID;"
      "CREATE TABLE m(a, b, PRIMARY KEY(a, b DESC)) WITHOUT ROWID;" +
      numbers(50000) + "INSERT INTO d SELECT i / 10, 'text ' || i FROM n;" + numbers(50000) +
      "INSERT INTO m SELECT CASE i % 5 WHEN 0 THEN i WHEN 1 THEN i + 0.1 WHEN 2 THEN 't' || i"
      " WHEN 3 THEN CAST('b' || i AS BLOB) ELSE 'x' || char(0) || i || CAST(x'ff' AS TEXT) END, i"
      " FROM n");
  for (const char* name : {"d", "m"}) {
    const TableRead read = this->read(name);
    const auto pages = cut(read, {.bytes = 64 << 10});
    expect_tiled(read, pages);
    expect_even(sums(read, pages, "count(*)"));
  }
}

TEST_F(PagerTest, CutsKeysInUtf16) {
  run("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t(a TEXT PRIMARY KEY) WITHOUT ROWID;" +
      numbers(20000) + "INSERT INTO t SELECT 'é€' || i FROM n");
  const TableRead read = this->read("t");
  const auto pages = cut(read, {.bytes = 64 << 10});
  expect_tiled(read, pages);
  expect_even(sums(read, pages, "count(*)"));
}

TEST_F(PagerTest, CutsGapsOnlyWithinTheirBounds) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, x);"
      "CREATE TABLE w(a TEXT PRIMARY KEY, x) WITHOUT ROWID;" +
      numbers(50000) +
      "INSERT INTO t SELECT i, 'some text ' || i FROM n;"
      "INSERT INTO w SELECT printf('k%06d', id), x FROM t");
  const PageSize size{.bytes = 64 << 10};
  for (const char* name : {"t", "w"}) {
    const TableRead read = this->read(name);
    const auto all = cut(read, size);
    ASSERT_GT(all.size(), 10U);
    const Gap middle{.part = "",
                     .lower = all[3].lower,
                     .upper = all[6].upper,
                     .after = all[2].number,
                     .before = all[7].number};
    const auto again = cut(read, size, middle);
    EXPECT_EQ(again.front().lower, middle.lower);
    EXPECT_EQ(again.back().upper, middle.upper);
    EXPECT_NEAR(static_cast<double>(again.size()), 4, 1);
    EXPECT_GT(again.front().number, middle.after);
    EXPECT_LT(again.back().number, middle.before);
    const auto whole = sums(read, {{"", 0, middle.lower, middle.upper}}, "count(*)");
    const auto parts = sums(read, again, "count(*)");
    EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), std::int64_t{0}), whole[0]);
    const Gap one{.part = "",
                  .lower = all[3].lower,
                  .upper = all[3].upper,
                  .after = all[2].number,
                  .before = all[4].number};
    EXPECT_EQ(cut(read, size, one).size(), 1U);
    const Gap tail{
        .part = "", .lower = all[4].lower, .upper = {}, .after = all[3].number, .before = 0};
    const auto rest = cut(read, size, tail);
    EXPECT_NEAR(static_cast<double>(rest.size()), static_cast<double>(all.size() - 4), 2);
    EXPECT_TRUE(rest.back().upper.empty());
  }
}

TEST_F(PagerTest, WeighsOverflowPages) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, x);" + numbers(200) +
      "INSERT INTO t SELECT i, zeroblob(CASE WHEN i < 100 THEN 200000 ELSE 10 END) FROM n");
  const TableRead read = this->read("t");
  const auto pages = cut(read, {.bytes = 1 << 20});
  expect_tiled(read, pages);
  EXPECT_NEAR(static_cast<double>(pages.size()), 19, 3);
  for (const std::int64_t bytes : sums(read, pages, "sum(length(x))")) EXPECT_LT(bytes, 2 << 20);
}

TEST_F(PagerTest, ReadsThroughTheLog) {
  const Connection writer = open();
  writer.run(
      "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
      "CREATE TABLE t(id INTEGER PRIMARY KEY, x);" +
      numbers(50000) + "INSERT INTO t SELECT i, 'some text ' || i FROM n");
  const TableRead read = this->read("t");
  EXPECT_NEAR(static_cast<double>(read.table.rows), 50000, 5000);
  const auto pages = cut(read, {.bytes = 64 << 10});
  expect_tiled(read, pages);
  expect_even(sums(read, pages, "count(*)"));
}

TEST_F(PagerTest, TakesASmallOrEmptyTableWhole) {
  run("CREATE TABLE t(id INTEGER PRIMARY KEY, x); CREATE TABLE h(rowid, oid, _rowid_)");
  EXPECT_EQ(cut(read("t"), {}).size(), 1U);
  EXPECT_EQ(cut(read("h"), {}).size(), 1U);
  run("INSERT INTO t VALUES (9223372036854775807, 1), (-9223372036854775808, 2)");
  EXPECT_EQ(cut(read("t"), {}).size(), 1U);
  const auto pages = cut(read("t"), {.rows = 1});
  expect_tiled(read("t"), pages);
  EXPECT_EQ(pages.size(), 2U);
}

TEST(EvenCuts, CutsNowhereWithoutWeight) {
  EXPECT_TRUE(even_cuts({}, 10, false).empty());
  EXPECT_TRUE(even_cuts({Piece{Edge{1, ""}, 0, 0}, Piece{}}, 10, false).empty());
}

}  // namespace
}  // namespace rowferry::sqlite
