#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rowferry {

// What has to be done to a table's rows.
enum class Change { insert, update, remove };

// Changes of many tables, kept in one file without a name so that memory does not grow with them.
// Belongs to one thread at a time.
class ChangeLog {
 public:
  explicit ChangeLog(std::size_t tables) : tables_(tables) {}
  ChangeLog(const ChangeLog&) = delete;
  ChangeLog& operator=(const ChangeLog&) = delete;
  ~ChangeLog();

  // `columns`: places of those that an update is about. Throws Error{conflict, "spool.write"}.
  void add(std::size_t table, Change change, const std::vector<int>& columns, std::string_view row);
  std::int64_t count(std::size_t table, Change change) const;
  bool any() const;

  // Gives back each change of one kind in the order of their coming; views are valid during the
  // call.
  using Take = std::function<void(const std::vector<int>& columns, std::string_view row)>;
  void each(std::size_t table, Change change, const Take& take);

 private:
  struct Chunk {
    std::int64_t at = 0;
    std::size_t size = 0;
  };
  struct List {
    std::string pending;  // not in the file yet
    std::vector<Chunk> chunks;
    std::int64_t count = 0;
  };

  List& list(std::size_t table, Change change);
  void flush(List& list);
  static void give(std::string_view bytes, const Take& take);

  std::vector<std::array<List, 3>> tables_;
  std::size_t pending_ = 0;  // bytes of all lists
  int file_ = -1;
  std::int64_t end_ = 0;  // of the file
};

}  // namespace rowferry
