#include "engine/sqlite/place.h"

namespace rowferry::sqlite {

namespace {

constexpr const char* kRun = "\"_rowferry_run\"";
constexpr const char* kPage = "\"_rowferry_page\"";

constexpr const char* kRunColumns =
    " (job TEXT PRIMARY KEY NOT NULL, run INTEGER NOT NULL, source TEXT NOT NULL,"
    " label TEXT NOT NULL, started TEXT NOT NULL) WITHOUT ROWID";
constexpr const char* kPageColumns =
    " (job TEXT NOT NULL, tbl TEXT NOT NULL, part TEXT NOT NULL, page INTEGER NOT NULL,"
    " lower_bound TEXT NOT NULL, upper_bound TEXT NOT NULL, plan TEXT NOT NULL,"
    " position TEXT NOT NULL, row_count INTEGER NOT NULL, byte_count INTEGER NOT NULL,"
    " rejected INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY (job, tbl, part, page)) WITHOUT ROWID";

constexpr const char* kMarks = "\"_rowferry_sync_marks\"";
constexpr const char* kMarksColumns =
    " (sync TEXT NOT NULL, tbl TEXT NOT NULL, last_key TEXT NOT NULL, last_time TEXT NOT NULL,"
    " before_key TEXT NOT NULL, before_time TEXT NOT NULL, kept_at TEXT NOT NULL,"
    " PRIMARY KEY (sync, tbl)) WITHOUT ROWID";

}  // namespace

sql::LedgerPlace ledger_place() {
  const std::string run = kRun;
  const std::string page = kPage;
  return {.run = run,
          .page = page,
          .create = {"CREATE TABLE IF NOT EXISTS " + run + kRunColumns,
                     "CREATE TABLE IF NOT EXISTS " + page + kPageColumns},
          .share_lock = "",
          .drop_when_empty = true,
          .drop = "DROP TABLE " + page + "; DROP TABLE " + run};
}

sql::LedgerPlace find_place(sql::Session& session) {
  sql::LedgerPlace place = ledger_place();
  const sql::Rows there = session.query(
      "SELECT name FROM sqlite_schema WHERE name IN ('_rowferry_run', '_rowferry_page')");
  if (there.size() == 2) place.create.clear();
  return place;
}

sql::MarksPlace marks_place() {
  return {.name = kMarks,
          .create = {std::string("CREATE TABLE IF NOT EXISTS ") + kMarks + kMarksColumns}};
}

sql::MarksPlace find_marks(sql::Session& session) {
  sql::MarksPlace place = marks_place();
  const sql::Rows there =
      session.query("SELECT name FROM sqlite_schema WHERE name = '_rowferry_sync_marks'");
  if (!there.empty()) place.create.clear();
  return place;
}

}  // namespace rowferry::sqlite
