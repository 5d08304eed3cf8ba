#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace rowferry {

// A row in the form that both sides are compared in, and as it was read, where somebody wants it
// so. Both in format `cells`.
struct FormedRow {
  std::string_view row;
  std::string_view read = {};
};

// Rows of one side of a comparison, in format `cells`, found by their key. Keeps them whole, so
// what is put in should be no more than a page. Belongs to one thread.
class RowIndex {
 public:
  // `key`: places of the columns that name a row; none: all of them do. Borrowed.
  explicit RowIndex(const std::vector<int>& key) : key_(&key) {}

  void clear();
  std::size_t bytes() const { return rows_.size(); }

  void add(const FormedRow& row);

  // What a row of the other side meets here.
  enum class Meeting { equal, changed, none };
  // Finds a row of the same key that has not been met before, one that is equal first of all. With
  // `changed`, `ours` is that row, valid until the next call of a method.
  Meeting meet(std::string_view row, FormedRow& ours);

  // Each row that was never met, as often as it stands here.
  void rest(const std::function<void(const FormedRow&)>& take) const;

 private:
  struct Entry {
    std::size_t at = 0;
    std::size_t size = 0;
    std::size_t read = 0;    // bytes behind it of the row as it was read; 0: not kept
    std::int64_t count = 1;  // equal rows that have not been met
  };

  FormedRow row_of(const Entry& entry) const;
  std::uint64_t place_of(std::string_view row);
  Entry* find(std::uint64_t place, std::string_view row);

  const std::vector<int>* key_;
  std::string rows_;
  std::vector<Entry> entries_;
  std::unordered_multimap<std::uint64_t, std::size_t> places_;  // of entries, by their key's hash
  std::string scratch_;
};

// The cells of `row` at the places `key`, or the row itself without any: equal for equal keys only.
// `scratch` is where it may stand.
std::string_view key_image(std::string_view row, const std::vector<int>& key, std::string& scratch);

}  // namespace rowferry
