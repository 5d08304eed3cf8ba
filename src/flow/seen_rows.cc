#include "flow/seen_rows.h"

#include <unistd.h>

#include <utility>

#include "flow/unnamed_file.h"

namespace rowferry {

namespace {

constexpr std::size_t kFirst = 64;     // slots
constexpr std::size_t kAtOnce = 4096;  // that are read of a file that has become too small

}  // namespace

SeenRows::SeenRows(std::size_t in_memory)
    : in_memory_(in_memory), slots_(kFirst), memory_(kFirst) {}

SeenRows::~SeenRows() {
  if (file_ >= 0) close(file_);
}

std::uint64_t SeenRows::name_of(const Digest& name) {
  return name.high == 0 ? 1 : name.high;
}

SeenRows::Slot SeenRows::read(std::size_t at) const {
  if (file_ < 0) return memory_[at];
  Slot slot;
  const auto offset = static_cast<off_t>(at * sizeof(Slot));
  const ssize_t read = pread(file_, &slot, sizeof(slot), offset);
  if (read != static_cast<ssize_t>(sizeof(slot))) throw spool_failure();
  return slot;
}

void SeenRows::write(std::size_t at, const Slot& slot) {
  if (file_ < 0) {
    memory_[at] = slot;
    return;
  }
  const auto offset = static_cast<off_t>(at * sizeof(Slot));
  const ssize_t written = pwrite(file_, &slot, sizeof(slot), offset);
  if (written != static_cast<ssize_t>(sizeof(slot))) throw spool_failure();
}

// The place of the row of that name, or of the free slot where it would stand.
std::size_t SeenRows::find(std::uint64_t name, Slot& found) const {
  for (std::size_t at = name & (slots_ - 1);; at = (at + 1) & (slots_ - 1)) {
    found = read(at);
    if (found.name == 0 || found.name == name) return at;
  }
}

// Into more slots: of a file many more, where free ones cost nothing and moving does.
void SeenRows::grow() {
  const std::vector<Slot> memory = std::exchange(memory_, {});
  const int old = std::exchange(file_, -1);
  const std::size_t before = slots_;
  slots_ *= 2 * before > in_memory_ ? 8 : 2;
  try {
    if (slots_ <= in_memory_) {
      memory_.resize(slots_);
    } else {
      file_ = unnamed_file();
      if (file_ < 0 || ftruncate(file_, static_cast<off_t>(slots_ * sizeof(Slot))) != 0) {
        throw spool_failure();
      }
    }
    put_all(memory);
    std::vector<Slot> some(kAtOnce);
    for (std::size_t at = 0; old >= 0 && at < before;) {
      const auto offset = static_cast<off_t>(at * sizeof(Slot));
      const ssize_t read = pread(old, some.data(), some.size() * sizeof(Slot), offset);
      if (read < static_cast<ssize_t>(sizeof(Slot))) throw spool_failure();
      some.resize(static_cast<std::size_t>(read) / sizeof(Slot));
      put_all(some);
      at += some.size();
      some.resize(kAtOnce);
    }
  } catch (...) {
    if (old >= 0) close(old);
    throw;
  }
  if (old >= 0) close(old);
}

void SeenRows::put_all(const std::vector<Slot>& slots) {
  for (const Slot& slot : slots) {
    Slot free;
    if (slot.name != 0) write(find(slot.name, free), slot);
  }
}

void SeenRows::add(const Digest& name, std::uint32_t content) {
  if (4 * (used_ + 1) > 3 * slots_) grow();
  Slot slot;
  const std::size_t at = find(name_of(name), slot);
  if (slot.name == 0) ++used_;
  slot.name = name_of(name);
  if (slot.left++ == 0) slot.content = content;
  write(at, slot);
}

std::optional<std::uint32_t> SeenRows::take(const Digest& name) {
  Slot slot;
  const std::size_t at = find(name_of(name), slot);
  if (slot.left == 0) return std::nullopt;
  --slot.left;
  write(at, slot);
  return slot.content;
}

}  // namespace rowferry
