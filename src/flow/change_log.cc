#include "flow/change_log.h"

#include <unistd.h>

#include <algorithm>

#include "core/bytes.h"
#include "flow/unnamed_file.h"

namespace rowferry {

namespace {

constexpr std::size_t kChunk = 64 << 10;   // bytes of one list that are written at once
constexpr std::size_t kPending = 8 << 20;  // and of all of them that are held

template <typename T>
void append(std::string& out, T value) {
  std::array<char, sizeof(T)> bytes{};
  store(bytes.data(), value);
  out.append(bytes.data(), bytes.size());
}

template <typename T>
T take_number(std::string_view& bytes) {
  const T value = load<T>(bytes.data());
  bytes.remove_prefix(sizeof(T));
  return value;
}

}  // namespace

ChangeLog::~ChangeLog() {
  if (file_ >= 0) close(file_);
}

ChangeLog::List& ChangeLog::list(std::size_t table, Change change) {
  return tables_[table].at(static_cast<std::size_t>(change));
}

std::int64_t ChangeLog::count(std::size_t table, Change change) const {
  return tables_[table].at(static_cast<std::size_t>(change)).count;
}

bool ChangeLog::any() const {
  return std::any_of(tables_.begin(), tables_.end(), [](const auto& lists) {
    return std::any_of(lists.begin(), lists.end(), [](const List& list) { return list.count > 0; });
  });
}

void ChangeLog::add(std::size_t table, Change change, const std::vector<int>& columns,
                    std::string_view row) {
  List& to = list(table, change);
  const std::size_t before = to.pending.size();
  append(to.pending, static_cast<std::uint32_t>(row.size()));
  append(to.pending, static_cast<std::uint16_t>(columns.size()));
  for (const int column : columns) append(to.pending, static_cast<std::uint16_t>(column));
  to.pending.append(row);
  ++to.count;
  pending_ += to.pending.size() - before;
  if (to.pending.size() >= kChunk) flush(to);
  if (pending_ < kPending) return;
  for (auto& lists : tables_) {
    for (List& one : lists) flush(one);
  }
}

void ChangeLog::flush(List& list) {
  if (list.pending.empty()) return;
  if (file_ < 0) file_ = unnamed_file();
  if (file_ < 0) throw spool_failure();
  std::string_view rest = list.pending;
  for (std::int64_t at = end_; !rest.empty();) {
    const ssize_t written = pwrite(file_, rest.data(), rest.size(), at);
    if (written <= 0) throw spool_failure();
    rest.remove_prefix(static_cast<std::size_t>(written));
    at += written;
  }
  list.chunks.push_back({.at = end_, .size = list.pending.size()});
  end_ += static_cast<std::int64_t>(list.pending.size());
  pending_ -= list.pending.size();
  list.pending = {};
}

void ChangeLog::each(std::size_t table, Change change, const Take& take) {
  std::string bytes;
  for (const Chunk& chunk : list(table, change).chunks) {
    bytes.resize(chunk.size);
    for (std::size_t have = 0; have < chunk.size;) {
      const ssize_t read = pread(file_, bytes.data() + have, chunk.size - have,
                                 chunk.at + static_cast<std::int64_t>(have));
      if (read <= 0) throw spool_failure();
      have += static_cast<std::size_t>(read);
    }
    give(bytes, take);
  }
  give(list(table, change).pending, take);
}

void ChangeLog::give(std::string_view bytes, const Take& take) {
  std::vector<int> columns;
  while (!bytes.empty()) {
    const auto size = take_number<std::uint32_t>(bytes);
    columns.resize(take_number<std::uint16_t>(bytes));
    for (int& column : columns) column = take_number<std::uint16_t>(bytes);
    take(columns, bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
}

}  // namespace rowferry
