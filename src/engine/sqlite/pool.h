#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "engine/sqlite/page_file.h"
#include "engine/sqlite/session.h"

namespace rowferry::sqlite {

// Connections whose open transactions see one state of a file. Safe from every thread.
class Pool {
 public:
  void add(std::unique_ptr<Connection> connection);
  // Throws Error{transient, "snapshot.lost"} when none is left.
  std::unique_ptr<Connection> take();
  // Takes a connection back, unless its transaction has ended.
  void give_back(std::unique_ptr<Connection> connection);

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> free_;
};

// A connection that goes back to its pool, if it has one.
class Lease {
 public:
  explicit Lease(std::shared_ptr<Pool> pool) : pool_(std::move(pool)), connection_(pool_->take()) {}
  explicit Lease(Connection own) : connection_(std::make_unique<Connection>(std::move(own))) {}
  Lease(Lease&&) = default;
  Lease& operator=(Lease&&) = delete;
  ~Lease();

  const Connection& operator*() const { return *connection_; }
  const Connection* operator->() const { return connection_.get(); }

 private:
  std::shared_ptr<Pool> pool_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace rowferry::sqlite
