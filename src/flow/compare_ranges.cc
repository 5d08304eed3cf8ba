#include <future>
#include <thread>

#include "core/digest.h"
#include "flow/comparing.h"
#include "flow/page_list.h"
#include "flow/row_index.h"
#include "flow/side_reader.h"

namespace rowferry {

namespace {

constexpr std::size_t kKept = 10'000;  // differences of a page until they are told

// Rows of one side's page.
struct PageSide {
  Digest digest;
  std::int64_t bytes = 0;
  Rejects rejects = {};
};

// One thread's two sessions, which read a page at the same time.
class RangeLane {
 public:
  RangeLane(Comparing& work, Snapshot& source, Snapshot& target, const std::stop_token& stop)
      : work_(work),
        stop_(stop),
        source_(source, work.settings().rows),
        target_(target, work.settings().rows) {}

  void compare(std::size_t table, const Page& page) {
    found_.clear();
    told_ = false;
    PageSide ours;
    PageSide theirs;
    with_retries(
        work_.settings().retry, stop_, [this](std::string_view text) { work_.note(text); },
        [&](int) {
          // Once differences have been told, another attempt would tell them again.
          try {
            digest_both(work_.table(table), page, ours, theirs);
            if (ours.digest != theirs.digest) find_rows(table, page);
          } catch (const Error& error) {
            if (told_) throw Error(ErrorKind::conflict, error.code(), error.message());
            found_.clear();
            throw;
          }
        });
    if (ours.digest != theirs.digest && found_.empty() && !told_) throw unsteady();
    if (ours.digest != theirs.digest) work_.differs(table, page);
    for (const Reject& reject : ours.rejects.rows) work_.differ(table, unreadable(reject));
    for (const Reject& reject : theirs.rejects.rows) work_.differ(table, unreadable(reject));
    tell(table);
    work_.add(table, ours.digest.rows, theirs.digest.rows, ours.bytes + theirs.bytes);
  }

 private:
  PageSide digest(SideReader& reader, const ComparedSide& side, const Page& page) {
    PageSide read;
    reader.read(side, page, stop_, read.rejects, [&](const FormedRow& row) {
      read.digest.add(row.row);
      read.bytes += static_cast<std::int64_t>(row.row.size());
    });
    return read;
  }

  void digest_both(const ComparedTable& table, const Page& page, PageSide& ours, PageSide& theirs) {
    auto there =
        std::async(std::launch::async, [&] { return digest(target_, table.target, page); });
    ours = digest(source_, table.source, page);
    theirs = there.get();
  }

  // Reads the page once more on both sides, row by row.
  void find_rows(std::size_t index, const Page& page) {
    const ComparedTable& table = work_.table(index);
    RowIndex rows(table.key);
    Rejects passed;  // told by the digest's reading
    source_.read(table.source, page, stop_, passed, [&](const FormedRow& row) { rows.add(row); });
    passed.rows.clear();
    target_.read(table.target, page, stop_, passed, [&](const FormedRow& row) {
      FormedRow mine;
      const RowIndex::Meeting meeting = rows.meet(row.row, mine);
      if (meeting == RowIndex::Meeting::equal) return;
      keep(index, meeting == RowIndex::Meeting::changed
                      ? changed(table, mine, row)
                      : only(table, Difference::What::only_target, row));
    });
    rows.rest([&](const FormedRow& row) {
      keep(index, only(table, Difference::What::only_source, row));
    });
  }

  void keep(std::size_t table, Difference difference) {
    found_.push_back(std::move(difference));
    if (found_.size() < kKept) return;
    tell(table);
    told_ = true;
  }

  void tell(std::size_t table) {
    for (const Difference& difference : found_) work_.differ(table, difference);
    found_.clear();
  }

  Comparing& work_;
  const std::stop_token stop_;
  SideReader source_;
  SideReader target_;
  std::vector<Difference> found_;  // of the page, not told yet
  bool told_ = false;              // some of the page have been
};

// What the lanes share.
class RangeWork {
 public:
  RangeWork(Comparing& work, const std::vector<std::size_t>& tables, Snapshot& source,
            Snapshot& target)
      : work_(work),
        places_(tables),
        source_(source),
        target_(target),
        load_tables_(load_tables(work, tables)),
        list_(load_tables_, source, work.settings().page) {}

  void run_lane() {
    try {
      RangeLane lane(work_, source_, target_, stop_.get_token());
      while (!stop_.stop_requested()) {
        const auto item = next();
        if (!item) return;
        compare(lane, *item);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!first_) first_ = std::current_exception();
      stop_.request_stop();
    }
  }

  std::stop_source& stop() { return stop_; }
  void rethrow() {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  static std::vector<LoadTable> load_tables(Comparing& work,
                                            const std::vector<std::size_t>& tables) {
    std::vector<LoadTable> list;
    list.reserve(tables.size());
    for (const std::size_t table : tables) {
      const ComparedSide& side = work.table(table).source;
      list.push_back({.read = side.read, .write = nothing(), .gaps = side.gaps});
    }
    return list;
  }

  std::optional<PageList::Item> next() {
    std::optional<PageList::Item> item;
    with_retries(
        work_.settings().retry, stop_.get_token(),
        [this](std::string_view text) { work_.note(text); }, [&](int) { item = list_.next(); });
    return item;
  }

  void compare(RangeLane& lane, const PageList::Item& item) {
    const std::size_t table = places_[item.table];
    work_.begin(table);
    try {
      if (item.error) throw Error(*item.error);
      lane.compare(table, item.page);
    } catch (Error& error) {
      error.at("table " + to_string(work_.table(table).source.read.table.name));
      if (!ends_table_only(error.kind())) throw;
      work_.fail(table, error);
      list_.drop(item.table);
    }
    if (list_.ended(item.table)) work_.end(table);
  }

  Comparing& work_;
  const std::vector<std::size_t>& places_;
  Snapshot& source_;
  Snapshot& target_;
  std::vector<LoadTable> load_tables_;
  PageList list_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::exception_ptr first_;
};

}  // namespace

void compare_ranges(Comparing& work, const std::vector<std::size_t>& tables, Snapshot& source,
                    Snapshot& target) {
  RangeWork ranges(work, tables, source, target);
  {
    const std::stop_callback forward(work.settings().stop, [&] { ranges.stop().request_stop(); });
    std::vector<std::jthread> lanes;
    for (int lane = 0; lane < work.settings().lanes; ++lane) {
      lanes.emplace_back([&] { ranges.run_lane(); });
    }
  }
  ranges.rethrow();
  if (work.settings().stop.stop_requested()) throw interrupted();
}

}  // namespace rowferry
