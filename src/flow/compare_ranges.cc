#include <algorithm>
#include <chrono>
#include <thread>

#include "core/digest.h"
#include "flow/comparing.h"
#include "flow/page_list.h"
#include "flow/range_lane.h"

namespace rowferry {

namespace {

// What one statement digests where both servers do: pages that they sum up in one scan, and others
// as many as take a moment, so that a run can stop, and tell how far it is.
constexpr std::int64_t kScanned = std::int64_t{512} << 20;
constexpr double kMoment = 2;  // seconds
constexpr std::size_t kFirst = 64;
constexpr std::size_t kLeast = 8;
constexpr std::size_t kMostPages = 256;
constexpr std::size_t kMixed = 16;     // pages of a statement where one side is read meanwhile
constexpr std::size_t kThrottled = 4;  // so that what is under way ends soon

std::size_t scanned_at_once(const ComparedTable& table, const PageSize& size) {
  const Table& stored = table.source.read.table;
  const std::int64_t width = stored.rows > 0 ? stored.bytes / stored.rows : 1;
  const std::int64_t page = size.rows > 0 ? size.rows * width : size.bytes;
  return static_cast<std::size_t>(kScanned / std::max<std::int64_t>(1, page));
}

// How many pages a lane takes at a time, by how long those before took.
class Stride {
 public:
  std::size_t pages(const ComparedTable& table, const CompareSettings& settings) const {
    if (!table.digested()) return 1;
    if (settings.throttle != nullptr) return kThrottled;
    if (!table.source.digest || !table.target.digest) return kMixed;
    const std::size_t pages =
        table.source.digest->way == DigestWay::scan ? scanned_at_once(table, settings.page) : next_;
    return std::clamp<std::size_t>(pages, 1, kMostPages);
  }

  void took(std::size_t pages, double seconds) {
    const double each = std::max(seconds, 1e-3) / static_cast<double>(pages);
    next_ = std::clamp(static_cast<std::size_t>(kMoment / each), kLeast, kMostPages);
  }

 private:
  std::size_t next_ = kFirst;
};

// Whether a page is part of a sample, always the same.
bool sampled(const Page& page, double share) {
  constexpr double kAll = 18446744073709551616.0;
  return static_cast<double>(spread(to_text(page.lower) + page.part)) < share * kAll;
}

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
      RangeLane lane(work_, list_, source_, target_, stop_.get_token());
      Stride stride;
      while (!stop_.stop_requested()) {
        const auto item = next();
        if (!item) return;
        compare(lane, stride, *item);
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

  void compare(RangeLane& lane, Stride& stride, const PageList::Item& item) {
    const std::size_t table = places_[item.table];
    work_.begin(table);
    try {
      if (item.error) throw Error(*item.error);
      compare_pages(lane, stride, table, item);
    } catch (Error& error) {
      error.at("table " + to_string(work_.table(table).source.read.table.name));
      if (!ends_table_only(error.kind())) throw;
      work_.fail(table, error);
      list_.drop(item.table);
    }
    if (list_.ended(item.table)) work_.end(table);
  }

  void compare_pages(RangeLane& lane, Stride& stride, std::size_t table,
                     const PageList::Item& item) {
    const CompareSettings& settings = work_.settings();
    std::vector<Page> pages{item.page};
    const std::size_t most = stride.pages(work_.table(table), settings);
    for (Page& page : list_.following(item, most - 1)) pages.push_back(std::move(page));
    std::vector<Page> wanted;
    std::vector<std::optional<CellSpan>> cells;
    for (std::size_t i = 0; i < pages.size(); ++i) {
      if (settings.sample < 1 && !sampled(pages[i], settings.sample)) {
        work_.pass_over(table);
        continue;
      }
      wanted.push_back(pages[i]);
      cells.push_back(cells_of(item.table, item.place + i));
    }
    if (wanted.empty()) return;
    const auto began = std::chrono::steady_clock::now();
    lane.compare(table, item.table, wanted, cells);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    stride.took(wanted.size(), took.count());
  }

  // None where not all of the table's pages are known, or there is only one.
  std::optional<CellSpan> cells_of(std::size_t place, std::size_t page) {
    const std::size_t pages = list_.cut(place);
    if (load_tables_[place].gaps.size() != 1 || pages < 2) return std::nullopt;
    const std::size_t first = std::min(page * kCells / pages, kCells - 1);
    return CellSpan{first, std::max(first + 1, std::min((page + 1) * kCells / pages, kCells))};
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
