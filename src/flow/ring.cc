#include "flow/ring.h"

namespace rowferry {

Ring::Ring() {
  reset();
}

void Ring::reset() {
  const std::lock_guard lock(mutex_);
  free_.clear();
  filled_.clear();
  for (Batch& batch : batches_) {
    batch.clear();
    free_.push_back(&batch);
  }
  in_flight_ = 0;
  finished_ = false;
  cancelled_ = false;
  error_ = nullptr;
}

Batch* Ring::acquire() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return cancelled_ || (!free_.empty() && in_flight_ < kBytes); });
  if (cancelled_) return nullptr;
  Batch* batch = free_.back();
  free_.pop_back();
  return batch;
}

void Ring::push(Batch* batch) {
  const std::lock_guard lock(mutex_);
  in_flight_ += batch->bytes().size();
  filled_.push_back(batch);
  changed_.notify_all();
}

void Ring::finish(std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  error_ = std::move(error);
  changed_.notify_all();
}

Batch* Ring::pop() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return !filled_.empty() || finished_; });
  if (error_) std::rethrow_exception(error_);
  if (filled_.empty()) return nullptr;
  Batch* batch = filled_.front();
  filled_.pop_front();
  return batch;
}

void Ring::recycle(Batch* batch) {
  const std::lock_guard lock(mutex_);
  in_flight_ -= batch->bytes().size();
  batch->clear();
  free_.push_back(batch);
  changed_.notify_all();
}

void Ring::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  changed_.notify_all();
}

}  // namespace rowferry
