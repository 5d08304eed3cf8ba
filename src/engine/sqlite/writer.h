#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/sql/ledger.h"
#include "engine/sqlite/binder.h"
#include "engine/sqlite/session.h"

namespace rowferry::sqlite {

// Lands pages with one prepared INSERT. The file's journal mode and sync level are left as they
// are, so that a page that is committed survives what the file's owner wants it to survive. Every
// throw of begin, append and commit rolls the page back first.
class SqliteWriter final : public Writer {
 public:
  SqliteWriter(const std::string& path, const EndOptions& options, RunCard run);

  void begin(const TableWrite& table, const Page& page) override;
  void append(const Batch& batch) override;
  // A row that is refused leaves no trace: those that can land stay in the transaction, so that
  // duplicates between batches show too.
  void append_fit(const Batch& batch, Rejects& rejects) override;
  void commit(std::int64_t rejected) override;
  void rollback() override;
  bool landed(const TableWrite& table, const Page& page) override;

 private:
  void claim(const Page& page);
  void prepare_insert();
  Fit bind_row(CellCursor& cursor, std::size_t& column);
  void insert_row(std::string_view row);
  void insert_rows(const Batch& batch);
  std::optional<Reject> try_row(std::string_view row);
  void commit_page(std::int64_t rejected);
  void check_taken() const;
  Error at_row(Error error, std::string_view row, const std::string& column) const;

  Connection connection_;
  sql::LedgerPlace place_;
  RunCard run_;
  TableWrite table_;
  std::vector<std::string> page_;  // what names the page in the ledger
  std::optional<Prepared> insert_;
  std::vector<Binder> binders_;
  std::int64_t rows_ = 0;
  std::int64_t bytes_ = 0;
  std::int64_t changes_before_ = 0;
};

}  // namespace rowferry::sqlite
