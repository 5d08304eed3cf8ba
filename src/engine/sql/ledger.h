#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/sql/marks.h"
#include "engine/sql/session.h"

// The ledger on an SQL target. Two tables:
//
//   run   job, run, source, label, started
//         One row a job: the number of the run that may commit pages, and who it is.
//   page  job, tbl, part, page, lower_bound, upper_bound, plan, position, row_count, byte_count,
//         rejected
//         Primary key (job, tbl, part, page). A row is inserted as the first statement of the
//         page's transaction and so exists exactly when the page's rows do. page = -1: the table
//         has been begun, row_count = rows that it held before; page = -2: what stays of a finished
//         job.
namespace rowferry::sql {

inline constexpr std::int64_t kBegunPage = -1;
inline constexpr std::int64_t kFinishedPage = -2;

// What differs from server to server.
struct LedgerPlace {
  std::string run;  // quoted names of the two tables
  std::string page;
  std::vector<std::string> create;  // statements that make them where they are missing
  std::string share_lock;           // what locks the row a SELECT reads: " FOR SHARE" or ""
  bool drop_when_empty = false;     // take the tables away with the last job
  std::string drop;                 // statements that do so
  bool drop_commits = false;        // and are part of no transaction
};

// Statement texts; $1… as in Session::query.
std::string select_run(const LedgerPlace& place);   // $1 job
std::string insert_page(const LedgerPlace& place);  // $1 job … $8 position: job, tbl, part, page,
                                                    // lower, upper, plan, position
std::string finish_page(
    const LedgerPlace& place);  // $1 job $2 tbl $3 part $4 page $5 rows $6 bytes $7 rejected
std::string select_page(const LedgerPlace& place);  // $1 job $2 tbl $3 part $4 page
// The values of insert_page; its first four are those of select_page and finish_page.
std::vector<std::string> page_values(const RunCard& run, const TableWrite& table, const Page& page);
// The ledger's name of a table, and back into its two halves.
std::string key_of(const TableName& name);
TableName table_of(const std::string& text);
// The error for a page that a newer run has taken the job from.
Error stale_run();

// The job's lock at the target: held from construction to destruction by one process on any
// machine.
class JobLock {
 public:
  virtual ~JobLock() = default;
};

class SqlLedger final : public Ledger {
 public:
  struct Hooks {
    std::function<LedgerPlace(Session&)> place;                            // finds or makes room
    std::function<MarksPlace(Session&)> marks;                             // the same for marks
    std::function<std::unique_ptr<JobLock>(const std::string& job)> lock;  // throws when held
    // Statements that empty the tables, given their quoted names.
    std::function<std::string(Session&, const std::vector<std::string>&)> empty;
    std::string begin = "BEGIN";
    // Where making and dropping the ledger's tables is part of no transaction: keeps other sessions
    // from either while `work` runs, even after the process has died, until the server has noticed.
    std::function<void(Session&, const std::function<void()>& work)> alone =
        [](Session&, const std::function<void()>& work) { work(); };
  };

  SqlLedger(std::unique_ptr<Session> session, std::unique_ptr<Dialect> dialect, Hooks hooks);

  std::int64_t claim(const JobCard& card) override;
  std::vector<Begun> begun() override;
  void begin(const std::vector<Begun>& tables) override;
  std::vector<LandedPage> landed(const TableName& table) override;
  RowCount count(const TableName& table) override;
  std::vector<std::string> others(const TableName& table) override;
  void empty(const std::vector<TableName>& tables) override;
  void forget(const TableName& table) override;
  void finish(bool keep) override;
  std::vector<Unfinished> unfinished() override;
  std::vector<Marks> marks(const std::string& sync) override;
  std::vector<std::string> left(const std::string& job, bool remove) override;

 private:
  void drop_unused();
  std::int64_t raise_run(const JobCard& card);
  void check_run();
  void in_transaction(const std::function<void()>& work);

  std::unique_ptr<Session> session_;
  std::unique_ptr<Dialect> dialect_;
  Hooks hooks_;
  std::unique_ptr<JobLock> lock_;
  LedgerPlace place_;
  std::optional<MarksPlace> marks_;
  RunCard run_;
  JobCard card_;
};

}  // namespace rowferry::sql
