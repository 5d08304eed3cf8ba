#include "flow/row_index.h"

#include <algorithm>

#include "core/batch.h"
#include "core/digest.h"

namespace rowferry {

std::string_view key_image(std::string_view row, const std::vector<int>& key,
                           std::string& scratch) {
  if (key.empty()) return row;
  scratch.clear();
  const int last = *std::max_element(key.begin(), key.end());
  CellCursor cursor(row);
  cursor.row();
  for (int column = 0; column <= last; ++column) {
    const char* const start = cursor.position();
    cursor.cell();
    if (std::find(key.begin(), key.end(), column) == key.end()) continue;
    scratch.append(start, cursor.position());
  }
  return scratch;
}

void RowIndex::clear() {
  rows_.clear();
  entries_.clear();
  places_.clear();
}

FormedRow RowIndex::row_of(const Entry& entry) const {
  const std::string_view rows = rows_;
  const std::string_view row = rows.substr(entry.at, entry.size);
  return {.row = row,
          .read = entry.read == 0 ? std::string_view{}
                                  : rows.substr(entry.at + entry.size, entry.read)};
}

std::uint64_t RowIndex::place_of(std::string_view row) {
  return spread(key_image(row, *key_, scratch_));
}

RowIndex::Entry* RowIndex::find(std::uint64_t place, std::string_view row) {
  const auto [begin, end] = places_.equal_range(place);
  const auto found = std::find_if(
      begin, end, [&](const auto& at) { return row_of(entries_[at.second]).row == row; });
  return found == end ? nullptr : &entries_[found->second];
}

void RowIndex::add(const FormedRow& row) {
  const std::uint64_t place = place_of(row.row);
  if (Entry* same = find(place, row.row)) {
    ++same->count;
    return;
  }
  places_.emplace(place, entries_.size());
  entries_.push_back({.at = rows_.size(), .size = row.row.size(), .read = row.read.size()});
  rows_.append(row.row).append(row.read);
}

RowIndex::Meeting RowIndex::meet(std::string_view row, FormedRow& ours) {
  const std::uint64_t place = place_of(row);
  if (Entry* same = find(place, row); same != nullptr && same->count > 0) {
    --same->count;
    return Meeting::equal;
  }
  if (key_->empty()) return Meeting::none;
  std::string other;
  const auto [begin, end] = places_.equal_range(place);
  for (auto at = begin; at != end; ++at) {
    Entry& entry = entries_[at->second];
    if (entry.count == 0 || key_image(row_of(entry).row, *key_, other) != scratch_) continue;
    --entry.count;
    ours = row_of(entry);
    return Meeting::changed;
  }
  return Meeting::none;
}

void RowIndex::rest(const std::function<void(const FormedRow&)>& take) const {
  for (const Entry& entry : entries_) {
    for (std::int64_t i = 0; i < entry.count; ++i) take(row_of(entry));
  }
}

}  // namespace rowferry
