#include "engine/mysql/place.h"

#include "core/fingerprint.h"
#include "engine/mysql/dialect.h"

namespace rowferry::mysql {

namespace {

constexpr const char* kTable =
    " ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin";
constexpr const char* kRunColumns =
    " (job varchar(64) NOT NULL PRIMARY KEY, run bigint NOT NULL, source varchar(1000) NOT NULL,"
    " label varchar(2000) NOT NULL, started timestamp NULL)";
constexpr const char* kPageColumns =
    " (job varchar(64) NOT NULL, tbl varchar(330) NOT NULL, part varchar(330) NOT NULL,"
    " page bigint NOT NULL, lower_bound longtext NOT NULL, upper_bound longtext NOT NULL,"
    " plan varchar(64) NOT NULL, position varchar(1000) NOT NULL, row_count bigint NOT NULL,"
    " byte_count bigint NOT NULL, rejected bigint NOT NULL DEFAULT 0,"
    " PRIMARY KEY (job, tbl, part, page))";

constexpr const char* kMarksColumns =
    " (sync varchar(64) NOT NULL, tbl varchar(330) NOT NULL, last_key longtext NOT NULL,"
    " last_time varchar(64) NOT NULL, before_key longtext NOT NULL,"
    " before_time varchar(64) NOT NULL, kept_at timestamp NULL, PRIMARY KEY (sync, tbl))";

class UserLock final : public sql::JobLock {
 public:
  UserLock(const Url& url, const EndOptions& options, const std::string& job)
      : connection_(url, options) {
    if (connection_.value("SELECT GET_LOCK(" + literal("rowferry " + job) + ", 0)") == "1") return;
    throw Error(ErrorKind::conflict, "job.running",
                "another process is running this job against the same target")
        .hint("wait for it, or stop it; `rowferry status` shows the jobs of this machine");
  }

 private:
  Connection connection_;
};

}  // namespace

sql::LedgerPlace find_place(Session& session) {
  const std::string database = session.connection().address().database;
  const std::string run = qualified({database, "_rowferry_run"});
  const std::string page = qualified({database, "_rowferry_page"});
  const bool tidb = session.connection().product() == Product::tidb;
  sql::LedgerPlace place{.run = run,
                         .page = page,
                         .create = {},
                         .share_lock = tidb ? " FOR UPDATE" : " LOCK IN SHARE MODE",
                         .drop_when_empty = true,
                         .drop = "DROP TABLE " + page + ", " + run,
                         .drop_commits = true};
  const sql::Rows there = session.connection().query(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = " + literal(database) +
      " AND table_name IN ('_rowferry_run', '_rowferry_page')");
  if (there.size() == 2) return place;
  place.create = {"CREATE TABLE IF NOT EXISTS " + run + kRunColumns + kTable,
                  "CREATE TABLE IF NOT EXISTS " + page + kPageColumns + kTable};
  return place;
}

sql::MarksPlace find_marks(Session& session) {
  const std::string database = session.connection().address().database;
  const std::string name = qualified({database, "_rowferry_sync_marks"});
  const sql::Rows there = session.connection().query(
      "SELECT table_name FROM information_schema.tables WHERE table_schema = " + literal(database) +
      " AND table_name = '_rowferry_sync_marks'");
  if (!there.empty()) return {.name = name, .create = {}};
  return {.name = name, .create = {"CREATE TABLE IF NOT EXISTS " + name + kMarksColumns + kTable}};
}

void alone(Session& session, const std::function<void()>& work) {
  Connection& connection = session.connection();
  // Names of locks are short, and those of databases need not be.
  const std::string name = literal("rowferry ledger " + fingerprint(connection.address().database));
  if (connection.value("SELECT GET_LOCK(" + name + ", 30)") != "1") {
    throw Error(ErrorKind::conflict, "lock.timeout",
                "another process makes or drops the ledger's tables")
        .hint("run the same command again");
  }
  try {
    work();
  } catch (const Error&) {
    if (!connection.lost()) connection.query("SELECT RELEASE_LOCK(" + name + ")");
    throw;
  }
  connection.query("SELECT RELEASE_LOCK(" + name + ")");
}

std::unique_ptr<sql::JobLock> lock_job(const Url& url, const EndOptions& options,
                                       const std::string& job) {
  return std::make_unique<UserLock>(url, options, job);
}

}  // namespace rowferry::mysql
