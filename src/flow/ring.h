#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <stop_token>
#include <vector>

#include "core/batch.h"

namespace rowferry {

// Recycled batches between one reader thread and one writer thread; the back-pressure of a lane.
// Memory is bounded by the number of batches for ordinary rows and by kBytes for huge ones: a batch
// that is larger is on its way alone.
class Ring {
 public:
  static constexpr int kBatches = 4;
  static constexpr std::size_t kBytes = 1 << 20;

  Ring();

  // Reader: an empty batch to fill; nullptr after cancel.
  Batch* acquire();
  // Reader: hands a filled batch over, or ends the page, with the error that ended it if any.
  void push(Batch* batch);
  void finish(std::exception_ptr error);

  // Writer: the next filled batch; nullptr when the page has ended. Rethrows the reader's error.
  Batch* pop();
  // Writer: gives a batch back.
  void recycle(Batch* batch);
  // Writer: ends the page early; the reader's next acquire returns nullptr.
  void cancel();

  // Makes the ring ready for the next page. Neither side may be using it.
  void reset();

 private:
  std::array<Batch, kBatches> batches_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Batch*> free_;
  std::deque<Batch*> filled_;
  std::size_t in_flight_ = 0;  // bytes handed over and not given back
  bool finished_ = false;
  bool cancelled_ = false;
  std::exception_ptr error_;
};

}  // namespace rowferry
