#include "engine/sqlite/snapshot.h"

#include <fstream>
#include <iterator>

#include "engine/sqlite/engine.h"
#include "engine/sqlite/lock.h"
#include "engine/sqlite/reader.h"
#include "engine/sqlite/test_database.h"

namespace rowferry::sqlite {
namespace {

class SnapshotTest : public TestDatabase {
 protected:
  SqliteSnapshot snapshot() { return SqliteSnapshot(path_, options_); }

  std::string bytes() const {
    std::ifstream file(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  std::int64_t rows(Snapshot& snapshot) {
    TableRead read;
    read.table = snapshot.catalog()->describe([](const TableName&) { return true; }).tables.at(0);
    read.columns.push_back({"id", "INT", {.kind = Kind::int64}, Kind::int64, {}});
    const auto reader = snapshot.reader();
    reader->open(read, {}, nullptr);
    std::int64_t count = 0;
    for (Batch batch; reader->next(batch); batch.clear()) count += batch.rows();
    return count;
  }
};

TEST_F(SnapshotTest, PositionChangesWithTheFileOnly) {
  for (const char* mode : {"delete", "wal"}) {
    run(std::string("PRAGMA journal_mode = ") + mode);
    const Connection held = open();  // keeps the log from being folded into the file on closing
    held.query("SELECT count(*) FROM sqlite_schema");
    run("CREATE TABLE IF NOT EXISTS t(id INT); INSERT INTO t VALUES (1)");
    const std::string before = snapshot().position();
    EXPECT_EQ(snapshot().position(), before);
    run("INSERT INTO t VALUES (2)");
    const std::string after = snapshot().position();
    EXPECT_NE(after, before);
    EXPECT_EQ(snapshot().position(), after);
    EXPECT_EQ(after.find("wal=") != std::string::npos, std::string(mode) == "wal");
  }
}

TEST_F(SnapshotTest, SeesOneStateInWriteAheadLogging) {
  run("PRAGMA journal_mode = WAL; CREATE TABLE t(id INT); INSERT INTO t VALUES (1), (2)");
  SqliteSnapshot snapshot(path_, options_);
  EXPECT_EQ(snapshot.readers(), 2);
  EXPECT_EQ(snapshot.limits(), "");
  run("INSERT INTO t VALUES (3); PRAGMA wal_checkpoint(PASSIVE); DELETE FROM t WHERE id = 1");
  EXPECT_EQ(rows(snapshot), 2);
  EXPECT_EQ(value("SELECT count(*) FROM t"), "2");
}

TEST_F(SnapshotTest, KeepsWritersOutOfARollbackJournal) {
  run("CREATE TABLE t(id INT); INSERT INTO t VALUES (1)");
  SqliteSnapshot snapshot(path_, options_);
  EXPECT_THROW(run("INSERT INTO t VALUES (2)"), Error);
  // Another descriptor of the same file, opened and closed, would have dropped the locks.
  snapshot.catalog()->describe([](const TableName&) { return true; });
  EXPECT_THROW(run("INSERT INTO t VALUES (2)"), Error);
  EXPECT_EQ(rows(snapshot), 1);
}

TEST_F(SnapshotTest, LeavesTheSourceAsItWas) {
  run("PRAGMA journal_mode = WAL; CREATE TABLE t(id INT)");
  const Connection held = open();
  held.query("SELECT count(*) FROM sqlite_schema");
  run("INSERT INTO t VALUES (1)");
  const std::string before = bytes();
  {
    SqliteSnapshot snapshot(path_, options_);
    EXPECT_EQ(rows(snapshot), 1);
    EXPECT_THROW(snapshot.catalog()->execute("INSERT INTO t VALUES (2)"), Error);
  }
  EXPECT_EQ(bytes(), before);
}

TEST_F(SnapshotTest, GivesOutReadersAndSparesAndTakesThemBack) {
  run("CREATE TABLE t(id INT)");
  SqliteSnapshot snapshot(path_, options_);
  auto first = snapshot.reader();
  const auto second = snapshot.reader();
  const auto spare = snapshot.reader();
  try {
    snapshot.reader();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "snapshot.lost");
    EXPECT_EQ(error.kind(), ErrorKind::transient);
  }
  first.reset();
  EXPECT_NE(snapshot.reader(), nullptr);
}

TEST_F(SnapshotTest, StopsALongRead) {
  run("CREATE TABLE t(id INT);"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
      "INSERT INTO t SELECT i FROM n");
  std::stop_source stop;
  options_.stop = stop.get_token();
  SqliteSnapshot snapshot(path_, options_);
  const auto catalog = snapshot.catalog();
  stop.request_stop();
  try {
    catalog->query("SELECT count(*) FROM t a, t b");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::interrupted);
  }
}

TEST_F(SnapshotTest, ProbeSaysWhatIsWrong) {
  const Engine engine = sqlite::engine();
  const auto code_of = [&](const std::string& url, bool create) -> std::string {
    try {
      engine.probe(parse_url(url), options_, create);
      return "";
    } catch (const Error& error) {
      return error.code();
    }
  };
  const std::string missing = "sqlite:" + directory_ + "/none.db";
  EXPECT_EQ(code_of(missing, false), "sqlite.open");
  EXPECT_EQ(code_of(missing, true), "");
  EXPECT_FALSE(std::filesystem::exists(directory_ + "/none.db"));
  EXPECT_EQ(code_of("sqlite:" + directory_ + "/no/such.db", true), "sqlite.open");
  EXPECT_EQ(code_of("sqlite:" + directory_, false), "sqlite.open");
  EXPECT_EQ(code_of("sqlite:", false), "sqlite.url");
  std::ofstream(directory_ + "/text.db") << std::string(5000, 'x');
  EXPECT_EQ(code_of("sqlite:" + directory_ + "/text.db", true), "sqlite.not_a_database");
  run("CREATE TABLE t(x)");
  std::filesystem::create_symlink(path_, directory_ + "/link.db");
  EXPECT_EQ(engine.probe(parse_url("sqlite://" + path_), options_, false).identity,
            engine.probe(parse_url("sqlite:" + directory_ + "/link.db"), options_, true).identity);
}

TEST_F(SnapshotTest, LocksAJobOnce) {
  auto lock = std::make_unique<JobLock>(path_, "0123abc");
  try {
    JobLock again(path_, "0123abc");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "job.running");
    EXPECT_NE(error.message().find("process " + std::to_string(getpid())), std::string::npos);
  }
  const JobLock other(path_, "other");
  lock.reset();
  EXPECT_FALSE(std::filesystem::exists(path_ + "-rowferry-0123abc"));
  const JobLock again(path_, "0123abc");
}

}  // namespace
}  // namespace rowferry::sqlite
