#include "engine/sqlite/pool.h"

#include "core/error.h"

namespace rowferry::sqlite {

void Pool::add(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(connection));
}

std::unique_ptr<Connection> Pool::take() {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) {
    throw Error(ErrorKind::transient, "snapshot.lost",
                "no session of the source's snapshot is left");
  }
  std::unique_ptr<Connection> taken = std::move(free_.back());
  free_.pop_back();
  return taken;
}

void Pool::give_back(std::unique_ptr<Connection> connection) {
  if (connection->in_transaction()) add(std::move(connection));
}

Lease::~Lease() {
  if (pool_ != nullptr && connection_ != nullptr) pool_->give_back(std::move(connection_));
}

}  // namespace rowferry::sqlite
