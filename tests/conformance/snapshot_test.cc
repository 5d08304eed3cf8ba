// One view of the source for all readers, and the position at which its future begins.
#include "conformance/suite.h"

namespace rowferry::conformance {
namespace {

constexpr int kRows = 2000;

class Snapshots : public Suite {
 protected:
  void SetUp() override {
    Suite::SetUp();
    if (IsSkipped()) return;
    const std::string number = quirks().native(Kind::int64);
    database().run("CREATE TABLE t (id " + number + " NOT NULL, n " + number +
                   ", PRIMARY KEY (id))");
    std::string sql = "INSERT INTO t VALUES (0, 0)";
    for (int i = 1; i < kRows; ++i) sql += ", (" + std::to_string(i) + ", 0)";
    database().run(sql);
  }

  // Writes as another connection while a snapshot lives, where that can be.
  void write(const std::string& sql) {
    if (quirks().snapshot_stops_writers) {
      EXPECT_THROW(database().run(sql), std::runtime_error);
    } else {
      database().run(sql);
    }
  }

  std::string position() { return snapshot()->position(); }

  // Other tests may run on the same server: of two moments side by side, one pair must be quiet.
  bool stands_still() {
    static constexpr int kTries = 50;
    for (int i = 0; i < kTries; ++i) {
      if (position() == position()) return true;
    }
    return false;
  }
};

TEST_P(Snapshots, ShowAllReadersTheStateOfTheOpening) {
  const auto snapshot = this->snapshot();
  ASSERT_GE(snapshot->readers(), 2);
  const auto early = snapshot->reader();
  write("INSERT INTO t SELECT id + 100000, 1 FROM t WHERE id < 500");
  const auto catalog = snapshot->catalog();
  const auto pager = snapshot->pager();
  TableRead read = read_of(described(*catalog, name_of("t")));
  read.cut = pager->choose(read.table);
  const std::vector<Page> pages = cut(*pager, read, {.rows = 100});
  ASSERT_GT(pages.size(), 5U);
  write("UPDATE t SET id = -id - 1 WHERE id < 300");
  const auto late = snapshot->reader();
  RowCounts by_early;
  RowCounts by_late;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (i == 2) write("UPDATE t SET n = 7 WHERE id > 1000");
    if (i == 4) write("DELETE FROM t WHERE id % 2 = 0");
    read_page(*early, read, pages[i], by_early);
    read_page(*late, read, pages[i], by_late);
  }
  RowCounts expected;
  for (int i = 0; i < kRows; ++i) expected[row_text({std::to_string(i), "0"})] = 1;
  EXPECT_EQ(difference(expected, by_early), "");
  EXPECT_EQ(difference(expected, by_late), "");
  EXPECT_EQ(catalog->query("SELECT count(*) FROM " + to_string(name_of("t")))[0][0],
            std::to_string(kRows));
}

TEST_P(Snapshots, HideWhatIsNotCommitted) {
  if (!quirks().many_writers) GTEST_SKIP() << "nobody writes while a snapshot is opened";
  const auto client = database().connect();
  client->run("BEGIN; DELETE FROM t");
  const auto snapshot = this->snapshot();
  client->run("COMMIT");
  const TableRead read = read_of(described(*snapshot->catalog(), name_of("t")));
  EXPECT_EQ(total(read_pages(*snapshot, read, {{}})), kRows);
}

TEST_P(Snapshots, GiveOutASpareReaderInPlaceOfALostOne) {
  const auto snapshot = this->snapshot();
  const TableRead read = read_of(described(*snapshot->catalog(), name_of("t")));
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < snapshot->readers(); ++i) readers.push_back(snapshot->reader());
  readers.back()->open(read, {}, nullptr);
  Batch batch;
  readers.back()->next(batch);
  RowCounts rows;
  read_page(*snapshot->reader(), read, {}, rows);
  EXPECT_EQ(total(rows), kRows);
  readers.back() = nullptr;  // in the middle of a page
  rows.clear();
  read_page(*snapshot->reader(), read, {}, rows);
  EXPECT_EQ(total(rows), kRows);
}

TEST_P(Snapshots, ArePositionedTheSameWhileNothingChanges) {
  if (!quirks().idle_positions) GTEST_SKIP() << "each snapshot has a position of its own";
  EXPECT_TRUE(stands_still());
  const auto snapshot = this->snapshot();
  const std::string before = snapshot->position();
  read_pages(*snapshot, read_of(described(*snapshot->catalog(), name_of("t"))), {{}});
  EXPECT_EQ(snapshot->position(), before);
}

TEST_P(Snapshots, ArePositionedElsewhereAfterEveryChange) {
  std::string before = position();
  for (const char* sql : {"INSERT INTO t VALUES (-5, 0)", "UPDATE t SET n = n + 1 WHERE id = 3",
                          "UPDATE t SET id = 100000 WHERE id = 4", "DELETE FROM t WHERE id = 5"}) {
    database().run(sql);
    const std::string after = position();
    EXPECT_NE(after, before) << sql;
    before = after;
  }
}

TEST_P(Snapshots, ArePositionedElsewhereAfterALateCommit) {
  const auto client = database().connect();
  client->run("BEGIN; UPDATE t SET n = 9 WHERE id = 3");
  if (quirks().many_writers) {
    const std::string before = position();
    client->run("COMMIT");
    EXPECT_NE(position(), before);
  } else {
    EXPECT_NE(code_of([&] { snapshot(); }), "");  // after a bounded wait
    client->run("COMMIT");
    EXPECT_EQ(code_of([&] { snapshot(); }), "");
  }
}

ROWFERRY_EVERY_ENGINE(Snapshots);

}  // namespace
}  // namespace rowferry::conformance
