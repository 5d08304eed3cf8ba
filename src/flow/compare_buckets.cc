#include <algorithm>
#include <array>
#include <deque>
#include <thread>

#include "core/digest.h"
#include "flow/comparing.h"
#include "flow/page_list.h"
#include "flow/row_index.h"
#include "flow/side_reader.h"
#include "flow/spool.h"

namespace rowferry {

namespace {

constexpr std::size_t kBuckets = 1 << 16;
constexpr std::int64_t kJoined = 8 << 20;  // bytes of rows that are looked up in memory
constexpr std::size_t kParts = 16;         // that more is split into, by four bits of the hash
constexpr int kDeepest = 8;

std::size_t bucket_of(std::uint64_t hash) {
  return hash >> 48;
}

// Gives each row of one side to somebody, over several sessions.
class SideScan {
 public:
  // What is done with a page: its rows one by one, and then once that it is whole. A page that has
  // to be read again begins anew.
  struct Page {
    std::function<void()> begin;
    std::function<void(const FormedRow&)> row;
    std::function<void(Rejects&)> whole;
  };

  SideScan(Comparing& work, const ComparedSide& side, Snapshot& snapshot)
      : work_(work),
        side_(side),
        snapshot_(snapshot),
        tables_{{.read = side.read, .write = nothing(), .gaps = side.gaps}},
        list_(tables_, snapshot, work.settings().page) {}

  void run(const std::stop_token& stop, const Page& page) {
    SideReader reader(snapshot_, work_.settings());
    const auto note = [this](std::string_view text) { work_.note(text); };
    while (!stop.stop_requested()) {
      std::optional<PageList::Item> item;
      with_retries(work_.settings().retry, stop, note, [&](int) { item = list_.next(); });
      if (!item) return;
      if (item->error) throw Error(*item->error);
      with_retries(work_.settings().retry, stop, note, [&](int) {
        page.begin();
        Rejects rejects;
        reader.read(side_, item->page, stop, rejects, page.row);
        page.whole(rejects);
      });
    }
  }

 private:
  Comparing& work_;
  const ComparedSide& side_;
  Snapshot& snapshot_;
  std::vector<LoadTable> tables_;
  PageList list_;
};

// Compares one table: sums up the rows of each bucket on both sides, then reads both once more for
// the rows of those that differ.
class BucketWork {
 public:
  BucketWork(Comparing& work, std::size_t index, Snapshot& source, Snapshot& target)
      : work_(work), index_(index), table_(work.table(index)), snapshots_{&source, &target} {}

  void run() {
    over_both([this](int side, const std::stop_token& stop, SideScan& scan) {
      sum_up(side, stop, scan);
    });
    std::vector<bool> differ(kBuckets);
    bool any = false;
    for (std::size_t i = 0; i < kBuckets; ++i) {
      differ[i] = sums_[0][i] != sums_[1][i];
      any = any || differ[i];
    }
    if (!any) return;
    const Fetching fetching(work_, index_);
    std::array<Spool, 2> spools;
    over_both([&](int side, const std::stop_token& stop, SideScan& scan) {
      put_aside(differ, spools.at(static_cast<std::size_t>(side)), stop, scan);
    });
    join(spools[0], spools[1], 0);
    if (!told_) throw unsteady();
  }

 private:
  struct Hashed {
    std::size_t bucket;
    Digest row;
  };

  const ComparedSide& side(int which) const { return which == 0 ? table_.source : table_.target; }

  // Runs `task` on every lane of both sides; the first error of any is thrown.
  void over_both(const std::function<void(int, const std::stop_token&, SideScan&)>& task) {
    std::deque<SideScan> scans;
    for (const int which : {0, 1}) {
      scans.emplace_back(work_, side(which), *snapshots_.at(static_cast<std::size_t>(which)));
    }
    std::stop_source stop;
    std::exception_ptr first;
    {
      const std::stop_callback forward(work_.settings().stop, [&] { stop.request_stop(); });
      std::vector<std::jthread> threads;
      for (int i = 0; i < 2 * work_.settings().lanes; ++i) {
        threads.emplace_back([&, which = i % 2] {
          try {
            task(which, stop.get_token(), scans[static_cast<std::size_t>(which)]);
          } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!first) first = std::current_exception();
            stop.request_stop();
          }
        });
      }
    }
    if (first) std::rethrow_exception(first);
    if (work_.settings().stop.stop_requested()) throw interrupted();
  }

  void sum_up(int which, const std::stop_token& stop, SideScan& scan) {
    std::vector<Hashed> page;
    std::int64_t bytes = 0;
    std::string scratch;
    scan.run(stop, {.begin =
                        [&] {
                          page.clear();
                          bytes = 0;
                        },
                    .row =
                        [&](const FormedRow& row) {
                          const auto hash = spread(key_image(row.row, table_.key, scratch));
                          page.push_back({.bucket = bucket_of(hash), .row = {}});
                          page.back().row.add(row.row);
                          bytes += static_cast<std::int64_t>(row.row.size());
                        },
                    .whole =
                        [&](Rejects& rejects) {
                          add(which, page);
                          const auto rows = static_cast<std::int64_t>(page.size());
                          work_.add(index_, which == 0 ? rows : 0, which == 0 ? 0 : rows, bytes);
                          for (const Reject& reject : rejects.rows) {
                            work_.differ(index_, unreadable(reject));
                          }
                        }});
  }

  void add(int which, const std::vector<Hashed>& page) {
    const std::lock_guard lock(mutex_);
    std::vector<Digest>& sums = sums_.at(static_cast<std::size_t>(which));
    for (const Hashed& row : page) sums[row.bucket].add(row.row);
  }

  void put_aside(const std::vector<bool>& differ, Spool& spool, const std::stop_token& stop,
                 SideScan& scan) {
    struct End {
      std::size_t row;
      std::size_t read;
    };
    std::string rows;
    std::vector<End> ends;
    std::string scratch;
    scan.run(stop, {.begin =
                        [&] {
                          rows.clear();
                          ends.clear();
                        },
                    .row =
                        [&](const FormedRow& row) {
                          const auto hash = spread(key_image(row.row, table_.key, scratch));
                          if (!differ[bucket_of(hash)]) return;
                          rows.append(row.row);
                          ends.push_back({.row = rows.size(), .read = 0});
                          rows.append(row.read);
                          ends.back().read = rows.size();
                        },
                    .whole =
                        [&](Rejects&) {
                          const std::lock_guard lock(mutex_);
                          const std::string_view all = rows;
                          std::size_t at = 0;
                          for (const End& end : ends) {
                            spool.add({.row = all.substr(at, end.row - at),
                                       .read = all.substr(end.row, end.read - end.row)});
                            at = end.read;
                          }
                        }});
  }

  void tell(const Difference& difference) {
    told_ = true;
    work_.differ(index_, difference);
  }

  // Tells what differs between two spools; splits them by the hash first where they are large.
  void join(Spool& ours, Spool& theirs, int depth) {
    if (ours.bytes() > kJoined && depth < kDeepest) {
      std::array<Spool, kParts> mine;
      std::array<Spool, kParts> other;
      split(ours, mine, depth);
      split(theirs, other, depth);
      for (std::size_t i = 0; i < kParts; ++i) join(mine.at(i), other.at(i), depth + 1);
      return;
    }
    RowIndex rows(table_.key);
    ours.each([&](const FormedRow& row) { rows.add(row); });
    theirs.each([&](const FormedRow& row) {
      FormedRow mine;
      const RowIndex::Meeting meeting = rows.meet(row.row, mine);
      if (meeting == RowIndex::Meeting::equal) return;
      const bool alike = meeting == RowIndex::Meeting::changed;
      tell(alike ? changed(table_, mine, row) : only(table_, Difference::What::only_target, row));
    });
    rows.rest(
        [&](const FormedRow& row) { tell(only(table_, Difference::What::only_source, row)); });
  }

  void split(Spool& from, std::array<Spool, kParts>& parts, int depth) const {
    std::string scratch;
    from.each([&](const FormedRow& row) {
      const auto hash = spread(key_image(row.row, table_.key, scratch));
      parts.at(hash >> (4 * depth) & (kParts - 1)).add(row);
    });
    from.clear();
  }

  Comparing& work_;
  const std::size_t index_;
  const ComparedTable& table_;
  const std::array<Snapshot*, 2> snapshots_;
  bool told_ = false;  // some difference has been
  std::mutex mutex_;   // guards sums_ and spools
  std::array<std::vector<Digest>, 2> sums_{std::vector<Digest>(kBuckets),
                                           std::vector<Digest>(kBuckets)};
};

}  // namespace

void compare_buckets(Comparing& work, std::size_t table, Snapshot& source, Snapshot& target) {
  work.begin(table);
  try {
    BucketWork(work, table, source, target).run();
  } catch (Error& error) {
    error.at("table " + to_string(work.table(table).source.read.table.name));
    if (!ends_table_only(error.kind())) throw;
    work.fail(table, error);
  }
  work.end(table);
}

}  // namespace rowferry
