#include "engine/sql/ledger.h"

#include <chrono>
#include <thread>

#include "engine/sql/ddl.h"

namespace rowferry::sql {

namespace {

std::int64_t number(const std::optional<std::string>& text) {
  return text ? std::stoll(*text) : 0;
}

std::string text_of(const std::optional<std::string>& text) {
  return text.value_or("");
}

Page page_of(const Row& row) {
  return {.part = text_of(row[0]),
          .number = number(row[1]),
          .lower = to_bound(text_of(row[2])),
          .upper = to_bound(text_of(row[3]))};
}

// The lock of a process that has ended lives on until its server has noticed: a moment, and longer
// on a busy one.
constexpr std::chrono::seconds kLockPatience{2};
constexpr std::chrono::milliseconds kLockPause{100};

std::unique_ptr<JobLock> take_lock(const SqlLedger::Hooks& hooks, const std::string& job) {
  const auto end = std::chrono::steady_clock::now() + kLockPatience;
  for (;;) {
    try {
      return hooks.lock(job);
    } catch (const Error& error) {
      if (error.code() != "job.running" || std::chrono::steady_clock::now() >= end) throw;
    }
    std::this_thread::sleep_for(kLockPause);
  }
}

}  // namespace

TableName table_of(const std::string& text) {
  const std::size_t dot = text.find('\x1f');
  if (dot == std::string::npos) return {"", text};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

std::string key_of(const TableName& name) {
  return name.schema.empty() ? name.table : name.schema + '\x1f' + name.table;
}

std::string select_run(const LedgerPlace& place) {
  return "SELECT run FROM " + place.run + " WHERE job = $1" + place.share_lock;
}

std::string insert_page(const LedgerPlace& place) {
  return "INSERT INTO " + place.page +
         " (job, tbl, part, page, lower_bound, upper_bound, plan, position, row_count, byte_count)"
         " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, -1, 0)";
}

std::string finish_page(const LedgerPlace& place) {
  return "UPDATE " + place.page +
         " SET row_count = $5, byte_count = $6, rejected = $7"
         " WHERE job = $1 AND tbl = $2 AND part = $3 AND page = $4";
}

std::string select_page(const LedgerPlace& place) {
  return "SELECT row_count FROM " + place.page +
         " WHERE job = $1 AND tbl = $2 AND part = $3 AND page = $4";
}

std::vector<std::string> page_values(const RunCard& run, const TableWrite& table,
                                     const Page& page) {
  return {run.job,
          key_of(table.name),
          page.part,
          std::to_string(page.number),
          to_text(page.lower),
          to_text(page.upper),
          table.plan,
          table.position};
}

Error stale_run() {
  return Error(ErrorKind::conflict, "ledger.stale_run", "a newer run of this job has taken over")
      .hint("this process has nothing left to do: watch the newer run with `rowferry status`");
}

SqlLedger::SqlLedger(std::unique_ptr<Session> session, std::unique_ptr<Dialect> dialect,
                     Hooks hooks)
    : session_(std::move(session)), dialect_(std::move(dialect)), hooks_(std::move(hooks)) {}

void SqlLedger::in_transaction(const std::function<void()>& work) {
  session_->execute(hooks_.begin);
  try {
    work();
    session_->execute("COMMIT");
  } catch (const Error&) {
    try {
      session_->execute("ROLLBACK");
    } catch (const Error&) {
      // The connection is gone, and with it the transaction; the first error says why.
    }
    throw;
  }
}

std::int64_t SqlLedger::claim(const JobCard& card) {
  lock_.reset();
  lock_ = take_lock(hooks_, card.job);
  card_ = card;
  hooks_.alone(*session_, [&] {
    place_ = hooks_.place(*session_);
    for (const std::string& statement : place_.create) session_->execute(statement);
    in_transaction([&] { run_ = {card.job, raise_run(card)}; });
  });
  return run_.run;
}

std::int64_t SqlLedger::raise_run(const JobCard& card) {
  const std::vector<std::string> job = {card.job};
  const Rows before = session_->query("SELECT run FROM " + place_.run + " WHERE job = $1", job);
  if (before.empty()) {
    session_->query("INSERT INTO " + place_.run +
                        " (job, run, source, label, started)"
                        " VALUES ($1, 1, $2, $3, CURRENT_TIMESTAMP)",
                    std::vector<std::string>{card.job, card.source, card.label});
    return 1;
  }
  // Waits, a bounded time, for pages of the earlier run that are being committed just now.
  session_->query("UPDATE " + place_.run + " SET run = run + 1 WHERE job = $1", job);
  return number(before[0][0]) + 1;
}

void SqlLedger::check_run() {
  const Rows rows = session_->query(select_run(place_), std::vector<std::string>{run_.job});
  if (rows.empty() || number(rows[0][0]) != run_.run) throw stale_run();
}

std::vector<Begun> SqlLedger::begun() {
  const Rows rows = session_->query("SELECT tbl, plan, position, row_count, page FROM " +
                                        place_.page + " WHERE job = $1 AND page < 0 ORDER BY tbl",
                                    std::vector<std::string>{run_.job});
  std::vector<Begun> tables;
  for (const Row& row : rows) {
    tables.push_back({.table = table_of(text_of(row[0])),
                      .plan = text_of(row[1]),
                      .position = text_of(row[2]),
                      .rows_before = number(row[3]),
                      .finished = number(row[4]) == kFinishedPage});
  }
  return tables;
}

void SqlLedger::begin(const std::vector<Begun>& tables) {
  in_transaction([&] {
    check_run();
    for (const Begun& table : tables) {
      session_->query("INSERT INTO " + place_.page +
                          " (job, tbl, part, page, lower_bound, upper_bound, plan, position,"
                          " row_count, byte_count) VALUES ($1, $2, '', -1, '', '', $3, $4, $5, 0)",
                      std::vector<std::string>{run_.job, key_of(table.table), table.plan,
                                               table.position, std::to_string(table.rows_before)});
    }
  });
}

std::vector<LandedPage> SqlLedger::landed(const TableName& table) {
  const Rows rows = session_->query(
      "SELECT part, page, lower_bound, upper_bound, plan, position, row_count, byte_count,"
      " rejected FROM " +
          place_.page + " WHERE job = $1 AND tbl = $2 AND page >= 0 ORDER BY part, page",
      std::vector<std::string>{run_.job, key_of(table)});
  std::vector<LandedPage> pages;
  pages.reserve(rows.size());
  for (const Row& row : rows) {
    pages.push_back({.page = page_of(row),
                     .plan = text_of(row[4]),
                     .position = text_of(row[5]),
                     .rows = number(row[6]),
                     .bytes = number(row[7]),
                     .rejected = number(row[8])});
  }
  return pages;
}

RowCount SqlLedger::count(const TableName& table) {
  const Rows rows =
      session_->query("SELECT (SELECT count(*) FROM " + table_name(*dialect_, table) +
                          "), (SELECT coalesce(sum(row_count), 0) FROM " + place_.page +
                          " WHERE tbl = $1 AND page <> -1),"
                          " (SELECT coalesce(sum(row_count), 0) FROM " +
                          place_.page + " WHERE tbl = $1 AND page <> -1 AND job = $2)",
                      std::vector<std::string>{key_of(table), run_.job});
  return {.counted = number(rows[0][0]), .landed = number(rows[0][1]), .own = number(rows[0][2])};
}

std::vector<std::string> SqlLedger::others(const TableName& table) {
  const Rows rows = session_->query(
      "SELECT DISTINCT p.job FROM " + place_.page + " p JOIN " + place_.run +
          " r ON r.job = p.job WHERE p.tbl = $1 AND p.job <> $2 AND p.page IN (-1, -2)"
          " AND r.source = $3 ORDER BY p.job",
      std::vector<std::string>{key_of(table), run_.job, card_.source});
  std::vector<std::string> jobs;
  for (const Row& row : rows) jobs.push_back(text_of(row[0]));
  return jobs;
}

void SqlLedger::empty(const std::vector<TableName>& tables) {
  in_transaction([&] {
    check_run();
    std::vector<std::string> names;
    for (const TableName& table : tables) {
      session_->query("DELETE FROM " + place_.page + " WHERE job = $1 AND tbl = $2 AND page >= 0",
                      std::vector<std::string>{run_.job, key_of(table)});
      names.push_back(table_name(*dialect_, table));
    }
    if (!names.empty()) session_->execute(hooks_.empty(*session_, names));
  });
}

void SqlLedger::forget(const TableName& table) {
  in_transaction([&] {
    check_run();
    session_->query("DELETE FROM " + place_.page + " WHERE job = $1 AND tbl = $2",
                    std::vector<std::string>{run_.job, key_of(table)});
  });
}

void SqlLedger::finish(bool keep) {
  const std::vector<std::string> job = {run_.job};
  in_transaction([&] {
    check_run();
    if (keep) {
      session_->query(
          "INSERT INTO " + place_.page +
              " (job, tbl, part, page, lower_bound, upper_bound, plan, position,"
              " row_count, byte_count, rejected) SELECT job, tbl, '', -2, '', '', max(plan),"
              " max(position), sum(CASE WHEN page >= 0 THEN row_count ELSE 0 END),"
              " sum(byte_count), sum(rejected) FROM " +
              place_.page + " WHERE job = $1 AND page <> -2 GROUP BY job, tbl",
          job);
      session_->query("DELETE FROM " + place_.page + " WHERE job = $1 AND page <> -2", job);
      return;
    }
    session_->query("DELETE FROM " + place_.page + " WHERE job = $1", job);
    session_->query("DELETE FROM " + place_.run + " WHERE job = $1", job);
    if (place_.drop_when_empty && !place_.drop_commits) drop_unused();
  });
  if (!keep && place_.drop_when_empty && place_.drop_commits) {
    hooks_.alone(*session_, [&] { drop_unused(); });
  }
}

void SqlLedger::drop_unused() {
  const bool unused = session_->query("SELECT job FROM " + place_.run + " LIMIT 1").empty();
  if (unused) session_->execute(place_.drop);
}

std::vector<Unfinished> SqlLedger::unfinished() {
  try {
    place_ = hooks_.place(*session_);
  } catch (const Error& error) {
    // Where there can be none, no job has begun; of those of others nothing can be known.
    if (error.code() == "ledger.place" || error.kind() == ErrorKind::auth) return {};
    throw;
  }
  if (!place_.create.empty()) return {};
  std::vector<Unfinished> tables;
  for (const Row& row : session_->query("SELECT job, tbl FROM " + place_.page +
                                        " WHERE page = -1 ORDER BY job, tbl")) {
    tables.push_back({.job = text_of(row[0]), .table = table_of(text_of(row[1]))});
  }
  return tables;
}

std::vector<Marks> SqlLedger::marks(const std::string& sync) {
  if (!marks_) {
    try {
      marks_ = hooks_.marks(*session_);
    } catch (const Error& error) {
      // Where there can be none, none are kept.
      if (error.code() == "ledger.place") return {};
      throw;
    }
  }
  return marks_->create.empty() ? read_marks(*session_, *marks_, sync) : std::vector<Marks>{};
}

std::vector<std::string> SqlLedger::left(const std::string& job, bool remove) {
  place_ = hooks_.place(*session_);
  for (const std::string& statement : place_.create) session_->execute(statement);
  const std::vector<std::string> values = {job};
  const Rows rows =
      session_->query("SELECT count(*) FROM " + place_.page + " WHERE job = $1", values);
  const Rows runs = session_->query("SELECT label FROM " + place_.run + " WHERE job = $1", values);
  std::vector<std::string> lines;
  if (!runs.empty() || number(rows[0][0]) > 0) {
    lines.push_back(std::to_string(number(rows[0][0])) + " ledger rows of job " + job + " in " +
                    place_.page);
  }
  std::unique_ptr<JobLock> lock;
  if (remove) {
    lock = take_lock(hooks_, job);
    in_transaction([&] {
      session_->query("DELETE FROM " + place_.page + " WHERE job = $1", values);
      session_->query("DELETE FROM " + place_.run + " WHERE job = $1", values);
    });
  }
  if (remove || place_.drop_when_empty) hooks_.alone(*session_, [&] { drop_unused(); });
  return lines;
}

}  // namespace rowferry::sql
