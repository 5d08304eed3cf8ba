#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/mysql/reader.h"

namespace rowferry::mysql {

// Sessions that see one state: on MariaDB as many as asked for, opened without a lock and compared
// by binlog_snapshot_position; on MySQL opened under a short lock of the wanted tables; on TiDB by
// timestamp. Where none of these can be had, one session, or with allow_inconsistent several that
// may see different states.
class MysqlSnapshot final : public Snapshot {
 public:
  MysqlSnapshot(const Url& url, const EndOptions& options);

  std::string position() const override { return position_; }
  std::string limits() const override { return limits_; }
  bool exact() const override { return exact_; }
  int readers() const override { return readers_; }
  std::unique_ptr<Catalog> catalog() override;
  std::unique_ptr<Pager> pager() override;
  std::unique_ptr<Reader> reader() override;
  std::unique_ptr<Digester> digester() override;

 private:
  using Connections = std::vector<std::unique_ptr<Connection>>;

  Connections connect() const;
  void keep(Connections opened);
  // Returns why this cannot be; "" when it is done.
  std::string open_by_binlog(Connection& first);
  std::string open_under_lock(Connection& first);
  void open_by_timestamp();
  void open_loosely(const std::string& why);
  std::vector<std::string> wanted_tables(Connection& first) const;

  Url url_;
  EndOptions options_;
  int readers_ = 1;
  std::string position_;
  std::string limits_;
  bool exact_ = true;
  std::unique_ptr<Connection> holder_;  // of TiDB's old versions
  std::shared_ptr<Pool> readers_pool_ = std::make_shared<Pool>();
  std::shared_ptr<Pool> extras_ = std::make_shared<Pool>();
};

}  // namespace rowferry::mysql
