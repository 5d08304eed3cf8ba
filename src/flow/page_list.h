#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/engine.h"

namespace rowferry {

// A table to load and the ranges of it that have not landed.
struct LoadTable {
  const TableRead& read;  // both live as long as the load
  const TableWrite& write;
  std::vector<Gap> gaps;
  std::int64_t left_out = 0;  // rows that earlier runs landed pages without
};

// The one list that all lanes pull whole pages from, in the order of the tables. Ranges are cut
// into pages when a lane first reaches them, so that the plan of a thousand tables is never held at
// once. Safe from every thread.
class PageList {
 public:
  struct Item {
    std::size_t table = 0;
    Page page;
    std::optional<Error> error;  // the table cannot be cut: it has no further pages
    std::size_t place = 0;       // of the page among those of the table
  };

  PageList(const std::vector<LoadTable>& tables, Snapshot& snapshot, PageSize size);

  // The next page of a table that has not been dropped; nothing when there is none. Throws what
  // ends more than a table; a transient error may be tried again, with a new session on the
  // snapshot.
  std::optional<Item> next();
  // Up to `most` of the pages that follow `item`, of the same range. They end with the item.
  std::vector<Page> following(const Item& item, std::size_t most);
  // How many pages of the table have been cut so far.
  std::size_t cut(std::size_t table);
  // Smaller pages that tile a page of the table.
  std::vector<Page> cut(std::size_t table, const Page& page, const PageSize& size);
  // No further page of `table` is given out.
  void drop(std::size_t table);
  // Says that a page given out has ended; true when it was the last of its table.
  bool ended(std::size_t table);

 private:
  bool advance();
  void cut_gap();
  void note_end();

  const std::vector<LoadTable>& tables_;
  Snapshot& snapshot_;
  std::unique_ptr<Pager> pager_;
  PageSize size_;
  std::mutex mutex_;
  std::size_t table_ = 0;
  std::size_t gap_ = 0;
  std::deque<Page> pages_;      // of tables_[table_]
  std::optional<Error> error_;  // of cutting tables_[table_]
  std::vector<int> outstanding_;
  std::vector<std::size_t> cut_;    // pages, by table
  std::vector<std::size_t> given_;  // pages, by table
  std::vector<bool> given_out_;     // wholly
  std::vector<bool> dropped_;
};

}  // namespace rowferry
