#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/digest.h"

namespace rowferry {

// Rows that somebody wants to know again, by 64 bits of a hash of their name and 32 of what they
// hold: each as often as it was added. That tells rows apart for a report, and proves nothing. Some
// megabytes are kept in memory, more in a file without a name in the directory for temporary ones.
// Belongs to one thread at a time.
class SeenRows {
 public:
  // `in_memory`: the most slots that are kept there; a power of two. Rows take three of four.
  explicit SeenRows(std::size_t in_memory = kInMemory);
  SeenRows(const SeenRows&) = delete;
  SeenRows& operator=(const SeenRows&) = delete;
  ~SeenRows();

  // Throws Error{conflict, "spool.write"}, as take() does. Of rows of one name the content of the
  // first is kept.
  void add(const Digest& name, std::uint32_t content);
  // Takes one row of this name out again, and gives its content; none where none is left.
  std::optional<std::uint32_t> take(const Digest& name);

 private:
  static constexpr std::size_t kInMemory = 1 << 18;

  struct Slot {
    std::uint64_t name = 0;  // 0 where the slot is free
    std::uint32_t content = 0;
    std::uint32_t left = 0;
  };

  static std::uint64_t name_of(const Digest& name);
  Slot read(std::size_t at) const;
  void write(std::size_t at, const Slot& slot);
  std::size_t find(std::uint64_t name, Slot& found) const;
  void grow();
  void put_all(const std::vector<Slot>& slots);

  std::size_t in_memory_;
  std::size_t slots_;
  std::size_t used_ = 0;
  std::vector<Slot> memory_;  // empty when the slots are in the file
  int file_ = -1;
};

}  // namespace rowferry
