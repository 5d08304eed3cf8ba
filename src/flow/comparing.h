#pragma once

#include <chrono>
#include <mutex>

#include "flow/compare.h"
#include "flow/row_index.h"

namespace rowferry {

// What the threads of one comparison share: the list of tables, and what is known of each. Safe
// from every thread.
class Comparing {
 public:
  Comparing(const std::vector<ComparedTable>& tables, const CompareSettings& settings,
            Progress& progress, const TakeDifference& take, std::vector<Compared>& compared);

  const std::vector<ComparedTable>& tables() const { return tables_; }
  const ComparedTable& table(std::size_t index) const { return tables_[index]; }
  const CompareSettings& settings() const { return settings_; }

  void note(std::string_view text) { progress_.note(text); }
  // The first time that a table is named here its clock starts.
  void begin(std::size_t table);
  void end(std::size_t table);
  // Rows and bytes that have been read of both sides, and compared.
  void add(std::size_t table, std::int64_t source_rows, std::int64_t target_rows,
           std::int64_t bytes);
  // `cells`: the parts of the table that its page takes; none where rows have no order.
  void differ(std::size_t table, const Difference& difference,
              const std::optional<CellSpan>& cells = {});
  // A page in these parts of the table has been compared.
  void seen(std::size_t table, const std::optional<CellSpan>& cells);
  void pass_over(std::size_t table);
  void equal(std::size_t table, const Page& page, std::int64_t rows);
  void sent(std::size_t table, std::int64_t statements);
  // Keeps the page as one that holds differences, where somebody wants to know.
  void differs(std::size_t table, const Page& page);
  // A lane begins to read row by row what differs, or has ended that. Rows are fetched for as long
  // as some lane does.
  void fetch(std::size_t table, bool begins);
  // Keeps the first error of a table.
  void fail(std::size_t table, const Error& error);

 private:
  using Clock = std::chrono::steady_clock;

  const std::vector<ComparedTable>& tables_;
  const CompareSettings& settings_;
  Progress& progress_;
  const TakeDifference& take_;
  std::mutex mutex_;  // guards what follows
  std::vector<Compared>& compared_;
  std::vector<Clock::time_point> began_;
  struct Fetched {
    int lanes = 0;
    Clock::time_point began = {};
  };
  std::vector<Fetched> fetched_;
};

// One lane's reading of rows that differ, for as long as it lives.
class Fetching {
 public:
  Fetching(Comparing& work, std::size_t table) : work_(work), table_(table) {
    work_.fetch(table_, true);
  }
  Fetching(const Fetching&) = delete;
  Fetching& operator=(const Fetching&) = delete;
  ~Fetching() { work_.fetch(table_, false); }

 private:
  Comparing& work_;
  std::size_t table_;
};

// Of tables that are read only.
const TableWrite& nothing();

// Rows of both sides as people are told of them.
std::string name_row(const ComparedTable& table, std::string_view row);
Difference only(const ComparedTable& table, Difference::What side, const FormedRow& row);
Difference changed(const ComparedTable& table, const FormedRow& ours, const FormedRow& theirs);
Difference unreadable(const Reject& reject);
// Of rows that differ by their digests, and not when they are read once more.
Error unsteady();

// Both ways of comparing; each throws what ends more than a table.
void compare_ranges(Comparing& work, const std::vector<std::size_t>& tables, Snapshot& source,
                    Snapshot& target);
void compare_buckets(Comparing& work, std::size_t table, Snapshot& source, Snapshot& target);

}  // namespace rowferry
