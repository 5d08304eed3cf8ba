#pragma once

#include <memory>
#include <string>

#include "engine/engine.h"
#include "engine/sqlite/pool.h"

namespace rowferry::sqlite {

// One state of a database file, held by a shared lock (rollback journal) or a read mark (WAL) of
// each session. While it lives, writers of a file with a rollback journal cannot commit. Writes
// nothing to the source: not even a checkpoint when it closes.
class SqliteSnapshot final : public Snapshot {
 public:
  // Opens all sessions at once, under BEGIN IMMEDIATE where the file can be written to.
  SqliteSnapshot(const std::string& path, const EndOptions& options);

  std::string position() const override { return position_; }
  std::string limits() const override { return limits_; }
  int readers() const override { return readers_; }
  std::unique_ptr<Catalog> catalog() override;
  std::unique_ptr<Pager> pager() override;
  std::unique_ptr<Reader> reader() override;

 private:
  void pin(Pool& pool, int sessions);

  std::string path_;
  EndOptions options_;
  std::shared_ptr<Pool> readers_pool_ = std::make_shared<Pool>();
  std::shared_ptr<Pool> extras_ = std::make_shared<Pool>();  // for catalog and pager
  std::shared_ptr<const Wal> wal_;
  std::string position_;
  std::string limits_;
  int readers_ = 0;
};

// The state of the file that the connection's open transaction sees, as text: device and inode,
// size, time and counter of changes, and the log's salts and frames.
std::string position_of(const Connection& connection, const Wal& wal);

// The log of a connection that has a transaction open; empty without write-ahead logging.
std::shared_ptr<const Wal> wal_of(const Connection& connection);

}  // namespace rowferry::sqlite
