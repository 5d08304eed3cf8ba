#pragma once

#include <span>

#include "engine/mysql/connection.h"
#include "engine/mysql/loader.h"
#include "engine/sql/ledger.h"

namespace rowferry::mysql {

// Lands pages through a Loader, a batch a statement, all of one page in one transaction.
class MysqlWriter final : public Writer {
 public:
  MysqlWriter(const Url& url, const EndOptions& options, RunCard run);

  void begin(const TableWrite& table, const Page& page) override;
  void append(const Batch& batch) override;
  void append_fit(const Batch& batch, Rejects& rejects) override;
  void commit(std::int64_t rejected) override;
  void rollback() override;
  bool landed(const TableWrite& table, const Page& page) override;

 private:
  Connection& connection() { return session_.connection(); }
  template <typename Work>
  void or_roll_back(const Work& work);
  void claim();
  // Throws Error{conflict, "ledger.stale_run"}. The lock that it takes keeps the run number from
  // being raised until the page's transaction ends.
  void check_run();
  void append_rows(std::span<const std::string_view> rows, Rejects& rejects);
  std::vector<RejectedCell> cells_of(std::string_view row) const;
  std::string column_at_fault(std::string_view message) const;

  Session session_;
  sql::LedgerPlace place_;
  RunCard run_;
  Loader loader_;
  const TableWrite* table_ = nullptr;
  std::vector<std::string> values_;  // of the page's ledger row
  bool checks_late_ = false;         // where rows have no shared locks: held up to the commit only
  std::int64_t rows_ = 0;
  std::int64_t bytes_ = 0;
  const std::string_view* first_row_ = nullptr;  // of the batch that append_fit() looks at
  bool in_transaction_ = false;
};

}  // namespace rowferry::mysql
