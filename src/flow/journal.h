#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/sql/session.h"
#include "flow/progress.h"

namespace rowferry {

// The story of one job, for `status` and for people: an SQL file in the job's directory. Never
// asked what has landed; losing it costs nothing but the story. Tables, all in UTC:
//
//   job        one row: job, verb, label, state, started, updated, pid, message
//              state: running, finishing, finished, failed, interrupted
//   job_table  source, target, state, row_count, byte_count, row_total, message
//   event      at, text
//
// The format's number is in PRAGMA user_version. A journal of a newer format is refused; one that
// cannot be read is put aside and begun anew.
struct JournalTable {
  std::string source;
  std::string target;
  std::string state;
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::int64_t total = 0;
  std::string message;
};

struct JournalJob {
  std::string job;
  std::string verb;
  std::string label;
  std::string state;
  std::string started;
  std::string updated;
  std::int64_t pid = 0;
  std::string message;
};

// A lock file that one process at a time holds; the kernel gives it back when the process ends.
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::filesystem::path& dir);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  bool held() const { return held_; }

 private:
  int file_ = -1;
  bool held_ = false;
};

// Writes the journal of a running job. Safe from every thread. Writing that fails once the job runs
// is noted once and then left: the job does not depend on it.
class Journal {
 public:
  // Opens or makes `dir`/journal.db. Throws Error{conflict, "job.running"} when another process of
  // this machine runs the job, Error{unsupported, "journal.newer"}, Error{conflict,
  // "journal.write"} when the directory cannot be written.
  Journal(const std::filesystem::path& dir, const std::string& job, const std::string& verb,
          const std::string& label);

  // The job as the file told it before this process wrote to it; state "" when it is new.
  const JournalJob& before() const { return before_; }
  // The tables that the file named then, with their rows.
  const std::map<std::string, std::int64_t>& rows_before() const { return rows_before_; }
  // Not empty: an unreadable journal was put aside, and where.
  const std::string& put_aside() const { return put_aside_; }

  void set_state(const std::string& state, const std::string& message);
  void set_table(const JournalTable& table);
  void add_rows(const std::string& target, std::int64_t rows, std::int64_t bytes);
  void event(std::string_view text);
  // Writes what has changed since the last time, at most once a second unless `now`.
  void flush(bool now);

 private:
  void open(const std::filesystem::path& path);
  void write_changes();

  DirectoryLock lock_;
  std::unique_ptr<sql::Session> session_;
  JournalJob before_;
  std::map<std::string, std::int64_t> rows_before_;
  std::string put_aside_;
  std::mutex mutex_;
  std::map<std::string, JournalTable> changed_;
  std::map<std::string, JournalTable> tables_;
  std::vector<std::string> events_;
  std::int64_t flushed_ = 0;  // steady milliseconds
  bool broken_ = false;
};

// Reads a journal without writing to it. Throws Error{data, "journal.damaged"} or
// Error{unsupported, "journal.newer"}.
JournalJob read_job(const std::filesystem::path& dir);
std::vector<JournalTable> read_tables(const std::filesystem::path& dir);

}  // namespace rowferry
