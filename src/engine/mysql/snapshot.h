#pragma once

#include <memory>
#include <string>

#include "engine/mysql/reader.h"

namespace rowferry::mysql {

// Sessions that see one state: on MariaDB as many as asked for, opened without a lock and compared
// by binlog_snapshot_position; on TiDB by timestamp; elsewhere, and without a binary log, one.
class MysqlSnapshot final : public Snapshot {
 public:
  MysqlSnapshot(const Url& url, const EndOptions& options);

  std::string position() const override { return position_; }
  std::string limits() const override { return limits_; }
  int readers() const override { return readers_; }
  std::unique_ptr<Catalog> catalog() override;
  std::unique_ptr<Pager> pager() override;
  std::unique_ptr<Reader> reader() override;

 private:
  void open_one(const std::string& why);
  void open_by_binlog(int sessions);
  void open_by_timestamp(int sessions);

  Url url_;
  EndOptions options_;
  int readers_ = 1;
  std::string position_;
  std::string limits_;
  std::shared_ptr<Pool> readers_pool_ = std::make_shared<Pool>();
  std::shared_ptr<Pool> extras_ = std::make_shared<Pool>();
};

}  // namespace rowferry::mysql
