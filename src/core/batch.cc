#include "core/batch.h"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace rowferry {

void Batch::Free::operator()(char* p) const {
  std::free(p);
}

void Batch::clear() {
  size_ = 0;
  rows_ = 0;
  row_start_ = 0;
  // A batch that grew for one huge row gives the memory back; ordinary ones keep theirs.
  if (capacity_ > 8 * kTarget) {
    data_.reset();
    capacity_ = 0;
  }
}

void Batch::grow(std::size_t wanted) {
  // Doubling is for many small rows; one huge value gets what it needs and little more.
  std::size_t capacity = std::max(wanted, kTarget + kTarget / 4);
  if (wanted < 4 * kTarget) capacity = std::max(capacity, 2 * capacity_);
  char* moved = static_cast<char*>(std::realloc(data_.get(), capacity));
  if (moved == nullptr) throw std::bad_alloc();
  (void)data_.release();
  data_.reset(moved);
  capacity_ = capacity;
}

}  // namespace rowferry
