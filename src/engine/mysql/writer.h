#pragma once

#include <map>
#include <span>

#include "engine/mysql/connection.h"
#include "engine/mysql/field.h"
#include "engine/sql/ledger.h"

namespace rowferry::mysql {

// Lands pages by LOAD DATA LOCAL, a batch a statement, all of one page in one transaction; by
// strict INSERT where the server refuses LOCAL. LOAD DATA never fails on a bad value: it changes it
// and warns. So the rows taken and the warnings are compared after each.
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
  struct KnownColumn {
    std::string charset;
    bool nullable = true;
    bool numbered = false;  // AUTO_INCREMENT
  };

  Connection& connection() { return session_.connection(); }
  template <typename Work>
  void or_roll_back(const Work& work);
  void claim();
  // Throws Error{conflict, "ledger.stale_run"}. The lock that it takes keeps the run number from
  // being raised until the page's transaction ends.
  void check_run();
  void look_at_table();
  void choose_fields();
  void prepare_load();
  void load(const Batch& batch);
  void insert(std::string_view rows_of_cells);
  void append_rows(std::span<const std::string_view> rows, Rejects& rejects);
  void check_taken(std::int64_t rows);
  void check_null(const Field& field) const;
  void check_size(const std::string& statement) const;
  void fill(const Batch& batch);
  std::string values_of(CellCursor& cursor) const;
  std::vector<RejectedCell> cells_of(std::string_view row) const;
  bool insert_outside(std::string_view row);
  std::string column_at_fault(std::string_view message) const;
  std::string insert_head() const;

  Session session_;
  sql::LedgerPlace place_;
  RunCard run_;
  const TableWrite* table_ = nullptr;
  std::map<std::string, KnownColumn> known_columns_;
  bool computes_ = false;            // the table has generated columns
  TableName known_;                  // the table that these are about
  std::vector<std::string> values_;  // of the page's ledger row
  std::vector<Field> fields_;
  std::string load_;  // the statement
  std::string data_;  // what it reads
  bool local_ = true;
  bool checks_late_ = false;  // where rows have no shared locks: held up to the commit only
  std::size_t packet_ = 0;
  std::int64_t rows_ = 0;
  std::int64_t bytes_ = 0;
  const std::string_view* first_row_ = nullptr;  // of the batch that append_fit() looks at
  bool in_transaction_ = false;
};

}  // namespace rowferry::mysql
