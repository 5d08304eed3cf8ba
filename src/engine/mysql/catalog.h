#pragma once

#include "engine/engine.h"
#include "engine/mysql/reader.h"

namespace rowferry::mysql {

// Reads information_schema of the connection's database, and runs DDL. These servers' catalogs
// belong to no snapshot: a table that changes afterwards is noticed when it is read (error 1412).
class MysqlCatalog final : public Catalog {
 public:
  explicit MysqlCatalog(std::unique_ptr<Connection> own)
      : own_(std::move(own)), connection_(*own_) {}
  explicit MysqlCatalog(Lease lease) : lease_(std::move(lease)), connection_(**lease_) {}

  Schema describe(const std::function<bool(const TableName&)>& wanted) override;
  std::vector<Table> outsiders() override;
  // Each statement of DDL commits by itself on these servers, and what stands before it.
  void execute(std::string_view sql) override;
  void check_drop(const std::vector<TableName>& tables) override;
  bool undoes_ddl() const override { return false; }
  sql::Rows query(std::string_view sql) override { return connection_.query(sql); }

 private:
  std::unique_ptr<Connection> own_;
  std::optional<Lease> lease_;
  Connection& connection_;
};

}  // namespace rowferry::mysql
