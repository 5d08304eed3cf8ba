#include "flow/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>

#include "core/error.h"
#include "engine/engines.h"

namespace rowferry {

namespace {

constexpr int kFormat = 1;
constexpr std::int64_t kFlushMilliseconds = 1000;

constexpr const char* kNow = "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";

constexpr const char* kTables =
    "CREATE TABLE IF NOT EXISTS job (job TEXT PRIMARY KEY, verb TEXT NOT NULL, label TEXT NOT NULL,"
    " state TEXT NOT NULL, started TEXT NOT NULL, updated TEXT NOT NULL, pid INTEGER NOT NULL,"
    " message TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS job_table (target TEXT PRIMARY KEY, source TEXT NOT NULL,"
    " state TEXT NOT NULL, row_count INTEGER NOT NULL, byte_count INTEGER NOT NULL,"
    " row_total INTEGER NOT NULL, message TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS event (at TEXT NOT NULL, text TEXT NOT NULL);"
    "PRAGMA user_version = 1";

std::int64_t steady_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::int64_t number(const std::optional<std::string>& text) {
  return text ? std::stoll(*text) : 0;
}
std::string text_of(const std::optional<std::string>& text) {
  return text.value_or("");
}

std::filesystem::path file_in(const std::filesystem::path& dir) {
  return dir / "journal.db";
}

void check_format(sql::Session& session, const std::filesystem::path& path) {
  const std::int64_t format = number(session.query("PRAGMA user_version").at(0)[0]);
  if (format <= kFormat) return;
  throw Error(ErrorKind::unsupported, "journal.newer",
              "the journal was written by a newer rowferry (format " + std::to_string(format) +
                  ", this one knows " + std::to_string(kFormat) + ")")
      .at(path.string())
      .hint("use the newer program, or remove the file: what has landed is known to the target");
}

JournalJob job_in(sql::Session& session) {
  const sql::Rows rows =
      session.query("SELECT job, verb, label, state, started, updated, pid, message FROM job");
  if (rows.empty()) return {};
  const sql::Row& row = rows[0];
  return {.job = text_of(row[0]),
          .verb = text_of(row[1]),
          .label = text_of(row[2]),
          .state = text_of(row[3]),
          .started = text_of(row[4]),
          .updated = text_of(row[5]),
          .pid = number(row[6]),
          .message = text_of(row[7])};
}

// The session of a journal that is there; an error that names the file when it cannot be read.
std::unique_ptr<sql::Session> open_existing(const std::filesystem::path& dir) {
  const std::filesystem::path path = file_in(dir);
  try {
    auto session = open_local_session(path);
    check_format(*session, path);
    session->query("SELECT count(*) FROM job");
    return session;
  } catch (const Error& error) {
    if (error.code() == "journal.newer") throw;
    throw Error(ErrorKind::data, "journal.damaged",
                "the journal cannot be read: " + error.message())
        .at(path.string())
        .hint(
            "run the job's command again: it begins a new journal and asks the target what landed");
  }
}

std::filesystem::path set_aside(const std::filesystem::path& path) {
  std::filesystem::path aside = path;
  aside += ".damaged-" + std::to_string(std::time(nullptr));
  std::error_code ignored;
  std::filesystem::rename(path, aside, ignored);
  std::filesystem::remove(path.string() + "-journal", ignored);
  return aside;
}

}  // namespace

DirectoryLock::DirectoryLock(const std::filesystem::path& dir) {
  file_ = ::open((dir / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  held_ = file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) == 0;
}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) ::close(file_);
}

Journal::Journal(const std::filesystem::path& dir, const std::string& job, const std::string& verb,
                 const std::string& label)
    : lock_([&] {
        std::error_code failed;
        std::filesystem::create_directories(dir, failed);
        if (failed) {
          throw Error(ErrorKind::conflict, "journal.write",
                      "the job's directory cannot be made: " + failed.message())
              .at(dir.string())
              .hint("name another place with --dir");
        }
        return dir;
      }()) {
  if (!lock_.held()) {
    if (::access(dir.c_str(), W_OK) != 0) {
      throw Error(ErrorKind::conflict, "journal.write", "the job's directory cannot be written")
          .at(dir.string())
          .hint("name another place with --dir");
    }
    throw Error(ErrorKind::conflict, "job.running", "another process is running this job")
        .at("job " + job)
        .hint("wait for it, or stop it; `rowferry status` shows it");
  }
  try {
    open(file_in(dir));
    session_->query("INSERT INTO job VALUES ($1, $2, $3, 'running', " + std::string(kNow) + ", " +
                        kNow + ", $4, '') ON CONFLICT (job) DO UPDATE SET verb = $2, pid = $4",
                    std::vector<std::string>{job, verb, label, std::to_string(::getpid())});
  } catch (const Error& error) {
    if (error.code() == "journal.newer") throw;
    throw Error(ErrorKind::conflict, "journal.write",
                "the journal cannot be written: " + error.message())
        .at(file_in(dir).string())
        .hint("free space there, or name another place with --dir; nothing has been touched");
  }
}

void Journal::open(const std::filesystem::path& path) {
  try {
    session_ = open_local_session(path);
    check_format(*session_, path);
    session_->execute(kTables);
    before_ = job_in(*session_);
    for (const sql::Row& row :
         session_->query("SELECT target, row_count, source, state, byte_count, row_total, message"
                         " FROM job_table")) {
      rows_before_[text_of(row[0])] = number(row[1]);
    }
  } catch (const Error& error) {
    const ErrorKind kind = error.kind();
    const bool damaged = kind == ErrorKind::data || kind == ErrorKind::schema ||
                         (kind == ErrorKind::not_found && std::filesystem::exists(path));
    if (!damaged) throw;
    before_ = {};
    rows_before_.clear();
    session_.reset();
    put_aside_ = set_aside(path).string();
    session_ = open_local_session(path);
    session_->execute(kTables);
  }
}

void Journal::set_state(const std::string& state, const std::string& message) {
  {
    const std::lock_guard lock(mutex_);
    try {
      session_->query("UPDATE job SET state = $1, message = $2, updated = " + std::string(kNow) +
                          ", started = CASE WHEN $1 = 'running' THEN " + kNow + " ELSE started END",
                      std::vector<std::string>{state, message});
    } catch (const Error&) {
      broken_ = true;
    }
  }
  flush(true);
}

void Journal::set_table(const JournalTable& table) {
  const std::lock_guard lock(mutex_);
  JournalTable& known = tables_[table.target];
  known = table;
  changed_[table.target] = known;
}

void Journal::add_rows(const std::string& target, std::int64_t rows, std::int64_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    JournalTable& table = tables_[target];
    table.target = target;
    table.state = "loading";
    table.rows += rows;
    table.bytes += bytes;
    changed_[target] = table;
  }
  flush(false);
}

void Journal::event(std::string_view text) {
  {
    const std::lock_guard lock(mutex_);
    events_.emplace_back(text);
  }
  flush(false);
}

void Journal::flush(bool now) {
  const std::lock_guard lock(mutex_);
  const std::int64_t time = steady_milliseconds();
  if (broken_ || (!now && time - flushed_ < kFlushMilliseconds)) return;
  flushed_ = time;
  try {
    write_changes();
  } catch (const Error&) {
    broken_ = true;
  }
}

void Journal::write_changes() {
  if (changed_.empty() && events_.empty()) return;
  session_->execute("BEGIN");
  for (const auto& [target, table] : changed_) {
    session_->query(
        "INSERT OR REPLACE INTO job_table (target, source, state, row_count,"
        " byte_count, row_total, message) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        std::vector<std::string>{table.target, table.source, table.state,
                                 std::to_string(table.rows), std::to_string(table.bytes),
                                 std::to_string(table.total), table.message});
  }
  for (const std::string& text : events_) {
    session_->query("INSERT INTO event VALUES (" + std::string(kNow) + ", $1)",
                    std::vector<std::string>{text});
  }
  session_->query("UPDATE job SET updated = " + std::string(kNow));
  session_->execute("COMMIT");
  changed_.clear();
  events_.clear();
}

JournalJob read_job(const std::filesystem::path& dir) {
  return job_in(*open_existing(dir));
}

std::vector<JournalTable> read_tables(const std::filesystem::path& dir) {
  std::vector<JournalTable> tables;
  for (const sql::Row& row : open_existing(dir)->query(
           "SELECT source, target, state, row_count, byte_count, row_total, message FROM job_table"
           " ORDER BY target")) {
    tables.push_back({.source = text_of(row[0]),
                      .target = text_of(row[1]),
                      .state = text_of(row[2]),
                      .rows = number(row[3]),
                      .bytes = number(row[4]),
                      .total = number(row[5]),
                      .message = text_of(row[6])});
  }
  return tables;
}

}  // namespace rowferry
