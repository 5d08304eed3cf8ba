#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "conformance/model.h"
#include "conformance/quirks.h"
#include "engine/engines.h"

namespace rowferry::conformance {

// An engine on a fresh database. Tests reach it through the contract and look at it through a
// Client.
class Suite : public ::testing::TestWithParam<Quirks> {
 protected:
  void SetUp() override;

  const Quirks& quirks() const { return GetParam(); }
  const Engine& engine() const { return *engine_; }
  Database& database() { return *database_; }
  const Dialect& dialect() const { return *dialect_; }

  std::unique_ptr<Snapshot> snapshot() { return engine_->snapshot(database_->url(), options_); }
  TableName name_of(const std::string& table) const;
  Table describe(const std::string& table);

  EndOptions options_{.stop = {}, .readers = 3, .spares = 1, .lock_seconds = 1};

 private:
  const Engine* engine_ = nullptr;
  std::unique_ptr<Database> database_;
  std::unique_ptr<Dialect> dialect_;
};

// All columns, each in its own kind and limits.
TableRead read_of(const Table& table);
TableWrite write_of(const Table& table);
Table described(Catalog& catalog, const TableName& name);

// The pieces that a table is cut in: its leaf partitions, or "" for a table stored as one.
std::vector<std::string> parts_of(const Table& table);
// The pages of a fresh plan, or with pages that have `landed`, those that fill the gaps between
// them.
std::vector<Page> cut(Pager& pager, const TableRead& read, const PageSize& size,
                      const std::vector<Page>& landed = {});
// Expects each part's pages to begin where the one before ends, open at both ends, numbers growing,
// and bounds that survive the ledger's text.
void expect_tiled(const Table& table, std::vector<Page> pages);

// Adds what a page holds to `rows`.
void read_page(Reader& reader, const TableRead& read, const Page& page, RowCounts& rows);
RowCounts read_pages(Snapshot& snapshot, const TableRead& read, const std::vector<Page>& pages);
std::int64_t total(const RowCounts& rows);

// The code of the Error that `work` throws; "" when it throws none.
std::string code_of(const std::function<void()>& work);
ErrorKind kind_of(const std::function<void()>& work);

// For GoogleTest, which finds it by its name.
void PrintTo(const Quirks& quirks, std::ostream* out);
std::string test_name(const ::testing::TestParamInfo<Quirks>& info);

// A macro, because GoogleTest takes a suite by its name.
#define ROWFERRY_EVERY_ENGINE(suite)                                                       \
  INSTANTIATE_TEST_SUITE_P(Engines, suite,                                                 \
                           ::testing::Values(sqlite_rollback(), sqlite_wal(), postgres(),  \
                                             mariadb(), mysql_8(), tidb(), postgres_18()), \
                           test_name)

}  // namespace rowferry::conformance
