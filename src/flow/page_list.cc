#include "flow/page_list.h"

#include <utility>

namespace rowferry {

PageList::PageList(const std::vector<LoadTable>& tables, Snapshot& snapshot, PageSize size)
    : tables_(tables),
      snapshot_(snapshot),
      size_(size),
      outstanding_(tables.size()),
      cut_(tables.size()),
      given_(tables.size()),
      given_out_(tables.size()),
      dropped_(tables.size()) {}

void PageList::cut_gap() {
  const LoadTable& table = tables_[table_];
  try {
    if (!pager_) pager_ = snapshot_.pager();
    for (Page& page : pager_->cut(table.read, table.gaps[gap_], size_)) {
      pages_.push_back(std::move(page));
      ++cut_[table_];
    }
    ++gap_;
  } catch (const Error& error) {
    pager_.reset();  // its session may be lost, or stand in a failed transaction
    if (!ends_table_only(error.kind())) throw;
    error_ = error;
    gap_ = table.gaps.size();
  }
}

// Fills pages_ from the next range; false when all tables are through.
bool PageList::advance() {
  while (table_ < tables_.size()) {
    if (!dropped_[table_] && gap_ < tables_[table_].gaps.size()) {
      cut_gap();
      return true;
    }
    given_out_[table_] = true;
    ++table_;
    gap_ = 0;
  }
  return false;
}

std::optional<PageList::Item> PageList::next() {
  const std::lock_guard lock(mutex_);
  while (pages_.empty() && !error_) {
    if (!advance()) return std::nullopt;
  }
  Item item{.table = table_, .page = {}, .error = std::exchange(error_, std::nullopt)};
  ++outstanding_[table_];
  if (!item.error) {
    item.page = std::move(pages_.front());
    item.place = given_[table_]++;
    pages_.pop_front();
  }
  note_end();
  return item;
}

void PageList::note_end() {
  if (pages_.empty() && gap_ >= tables_[table_].gaps.size()) given_out_[table_] = true;
}

std::vector<Page> PageList::following(const Item& item, std::size_t most) {
  const std::lock_guard lock(mutex_);
  std::vector<Page> pages;
  if (item.table != table_ || given_[table_] != item.place + 1) return pages;
  const Bound* end = &item.page.upper;
  while (!pages_.empty() && pages.size() < most && pages_.front().part == item.page.part &&
         pages_.front().lower == *end) {
    pages.push_back(std::move(pages_.front()));
    pages_.pop_front();
    ++given_[table_];
    end = &pages.back().upper;
  }
  note_end();
  return pages;
}

std::size_t PageList::cut(std::size_t table) {
  const std::lock_guard lock(mutex_);
  return cut_[table];
}

std::vector<Page> PageList::cut(std::size_t table, const Page& page, const PageSize& size) {
  const std::lock_guard lock(mutex_);
  const Gap gap{.part = page.part, .lower = page.lower, .upper = page.upper};
  try {
    if (!pager_) pager_ = snapshot_.pager();
    return pager_->cut(tables_[table].read, gap, size);
  } catch (...) {
    pager_.reset();
    throw;
  }
}

void PageList::drop(std::size_t table) {
  const std::lock_guard lock(mutex_);
  dropped_[table] = true;
  if (table == table_) pages_.clear();
}

bool PageList::ended(std::size_t table) {
  const std::lock_guard lock(mutex_);
  --outstanding_[table];
  return outstanding_[table] == 0 && (given_out_[table] || dropped_[table]);
}

}  // namespace rowferry
