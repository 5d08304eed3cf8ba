#include "engine/postgres/place.h"

#include "engine/postgres/dialect.h"

namespace rowferry::postgres {

namespace {

constexpr const char* kRunColumns =
    " (job text PRIMARY KEY, run bigint NOT NULL, source text NOT NULL, label text NOT NULL,"
    " started timestamptz NOT NULL)";
constexpr const char* kPageColumns =
    " (job text NOT NULL, tbl text NOT NULL, part text NOT NULL, page bigint NOT NULL,"
    " lower_bound text NOT NULL, upper_bound text NOT NULL, plan text NOT NULL,"
    " position text NOT NULL, row_count bigint NOT NULL, byte_count bigint NOT NULL,"
    " rejected bigint NOT NULL DEFAULT 0,"
    " PRIMARY KEY (job, tbl, part, page))";

constexpr const char* kMarksColumns =
    " (sync text NOT NULL, tbl text NOT NULL, last_key text NOT NULL, last_time text NOT NULL,"
    " before_key text NOT NULL, before_time text NOT NULL, kept_at timestamptz NOT NULL,"
    " PRIMARY KEY (sync, tbl))";
constexpr const char* kMarks = "rowferry.sync_marks";
constexpr const char* kOwnMarks = "public._rowferry_sync_marks";

sql::LedgerPlace place_named(const std::string& run, const std::string& page,
                             const std::string& schema, bool exists) {
  sql::LedgerPlace place{.run = run,
                         .page = page,
                         .create = {},
                         .share_lock = " FOR SHARE",
                         .drop_when_empty = schema.empty(),
                         .drop = "DROP TABLE " + page + ", " + run};
  if (exists) return place;
  if (!schema.empty()) place.create.push_back("CREATE SCHEMA IF NOT EXISTS " + schema);
  place.create.push_back("CREATE TABLE IF NOT EXISTS " + run + kRunColumns);
  place.create.push_back("CREATE TABLE IF NOT EXISTS " + page + kPageColumns);
  return place;
}

class AdvisoryLock final : public sql::JobLock {
 public:
  AdvisoryLock(const Url& url, const EndOptions& options, const std::string& job)
      : session_(url, options) {
    const sql::Rows rows = session_.query(
        "SELECT pg_catalog.pg_try_advisory_lock(pg_catalog.hashtextextended('rowferry ' || $1, 0))",
        std::vector<std::string>{job});
    if (rows[0][0] == "t") return;
    throw Error(ErrorKind::conflict, "job.running",
                "another process is running this job against the same target")
        .hint("wait for it, or stop it; `rowferry status` shows the jobs of this machine");
  }

 private:
  Session session_;
};

}  // namespace

sql::LedgerPlace find_place(sql::Session& session) {
  const sql::Rows found = session.query(
      "SELECT pg_catalog.to_regclass('rowferry.page') IS NOT NULL,"
      " pg_catalog.to_regnamespace('rowferry') IS NOT NULL,"
      " pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),"
      " coalesce(pg_catalog.has_schema_privilege("
      "   pg_catalog.to_regnamespace('rowferry'), 'CREATE'), false),"
      " pg_catalog.has_schema_privilege('public', 'CREATE'),"
      " pg_catalog.to_regclass('public._rowferry_page') IS NOT NULL,"
      " pg_catalog.to_regclass('rowferry.sync_marks') IS NOT NULL");
  const auto is = [&](std::size_t column) { return found[0][column] == "t"; };
  const bool schema_there = is(1);
  if (is(0) || (schema_there ? is(3) : is(2))) {
    sql::LedgerPlace place = place_named("rowferry.run", "rowferry.page", "rowferry", is(0));
    if (!is(6)) place.drop += "; DROP SCHEMA rowferry";
    return place;
  }
  if (is(4) || is(5)) {
    return place_named("public._rowferry_run", "public._rowferry_page", "", is(5));
  }
  throw Error(ErrorKind::auth, "ledger.place",
              "there is no place for the ledger: this user may create neither the schema 'rowferry'"
              " nor tables in the schema 'public'")
      .hint(
          "GRANT CREATE ON DATABASE … or create the schema once: CREATE SCHEMA rowferry"
          " AUTHORIZATION …");
}

sql::MarksPlace find_marks(sql::Session& session) {
  const sql::Rows there = session.query(
      "SELECT pg_catalog.to_regclass('rowferry.sync_marks') IS NOT NULL,"
      " pg_catalog.to_regclass('public._rowferry_sync_marks') IS NOT NULL");
  if (there[0][0] == "t") return {.name = kMarks, .create = {}};
  if (there[0][1] == "t") return {.name = kOwnMarks, .create = {}};
  const bool own = find_place(session).run != "rowferry.run";
  sql::MarksPlace place{.name = own ? kOwnMarks : kMarks, .create = {}};
  if (!own) place.create.push_back("CREATE SCHEMA IF NOT EXISTS rowferry");
  place.create.push_back("CREATE TABLE IF NOT EXISTS " + place.name + kMarksColumns);
  return place;
}

std::unique_ptr<sql::JobLock> lock_job(const Url& url, const EndOptions& options,
                                       const std::string& job) {
  return std::make_unique<AdvisoryLock>(url, options, job);
}

}  // namespace rowferry::postgres
