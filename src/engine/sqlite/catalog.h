#pragma once

#include <functional>
#include <memory>

#include "engine/engine.h"
#include "engine/sqlite/pool.h"

namespace rowferry::sqlite {

// The only reader of sqlite_schema. Owns its connection; one thread.
class SqliteCatalog final : public Catalog {
 public:
  // On a snapshot's session, whose log is `wal`.
  SqliteCatalog(Lease lease, std::shared_ptr<const Wal> wal)
      : lease_(std::move(lease)), wal_(std::move(wal)) {}
  // On a connection of its own.
  explicit SqliteCatalog(Connection own) : lease_(std::move(own)) {}

  // Leaves out what belongs to SQLite and to rowferry's ledger. Estimates cost a few page reads a
  // table.
  Schema describe(const std::function<bool(const TableName&)>& wanted) override;
  void execute(std::string_view sql) override;
  void check_drop(const std::vector<TableName>& tables) override;
  sql::Rows query(std::string_view sql) override { return lease_->query(sql); }

 private:
  Lease lease_;
  std::shared_ptr<const Wal> wal_;  // null: no snapshot
};

}  // namespace rowferry::sqlite
