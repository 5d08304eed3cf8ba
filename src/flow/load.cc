#include "flow/load.h"

#include <chrono>
#include <mutex>
#include <thread>

#include "flow/rejects.h"

namespace rowferry {

namespace {

constexpr std::size_t kMostRejects = 1000;  // of one page, listed in its reject file

using Clock = std::chrono::steady_clock;

// One load: what its lanes share.
class Load {
 public:
  Load(const std::vector<LoadTable>& tables, Snapshot& snapshot, PageSize size,
       const LoadSettings& settings, Progress& progress, std::vector<Loaded>& loaded,
       const std::function<void(std::size_t)>& table_ended)
      : tables_(tables),
        settings_(settings),
        progress_(progress),
        loaded_(loaded),
        table_ended_(table_ended),
        list_(tables, snapshot, size),
        began_(tables.size()) {
    loaded_.assign(tables.size(), {});
  }

  // What one lane thread does, from its first page to the end of the list.
  void run_lane(LaneEnds ends) {
    try {
      Lane lane(std::move(ends), settings_.retry, stop_.get_token(),
                [this](std::string_view text) { progress_.note(text); });
      while (!stop_.stop_requested()) {
        const auto item = next();
        if (!item) return;
        move(lane, *item);
      }
    } catch (...) {
      fail(std::current_exception());
    }
  }

  std::stop_source& stop() { return stop_; }

  void rethrow() {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::optional<PageList::Item> next() {
    std::optional<PageList::Item> item;
    with_retries(
        settings_.retry, stop_.get_token(), [this](std::string_view text) { progress_.note(text); },
        [&](int) { item = list_.next(); });
    return item;
  }

  void move(Lane& lane, const PageList::Item& item) {
    const LoadTable& table = tables_[item.table];
    begin(item.table);
    try {
      if (item.error) throw Error(*item.error);
      const PageMoved moved = lane.move(table.read, table.write, item.page);
      landed(item, moved);
    } catch (Error& error) {
      error.at("table " + to_string(table.write.name));
      if (!ends_table_only(error.kind())) throw;
      table_failed(lane, item, error);
    }
    if (list_.ended(item.table)) end(item.table);
  }

  void begin(std::size_t table) {
    {
      const std::lock_guard lock(mutex_);
      if (began_[table] != Clock::time_point{}) return;
      began_[table] = Clock::now();
    }
    progress_.table_started(tables_[table].write.name);
  }

  void landed(const PageList::Item& item, const PageMoved& moved) {
    {
      const std::lock_guard lock(mutex_);
      loaded_[item.table].rows += moved.rows;
      loaded_[item.table].bytes += moved.bytes;
      touch(item.table);
    }
    progress_.page_landed(tables_[item.table].write.name, moved.rows, moved.bytes);
  }

  void touch(std::size_t table) {
    loaded_[table].seconds = std::chrono::duration<double>(Clock::now() - began_[table]).count();
  }

  // Keeps the first error of a table and, where values are at fault, lists the rows.
  void table_failed(Lane& lane, const PageList::Item& item, Error error) {
    list_.drop(item.table);
    {
      const std::lock_guard lock(mutex_);
      if (loaded_[item.table].error) return;
      loaded_[item.table].error = error;
    }
    if (error.kind() != ErrorKind::data || item.error) return;
    const LoadTable& table = tables_[item.table];
    std::vector<Reject> rejects;
    try {
      rejects = lane.find_rejects(table.read, table.write, item.page, kMostRejects);
    } catch (const Error& probing) {
      progress_.note("could not list the rows at fault: " + probing.line());
      return;
    }
    if (rejects.empty()) return;
    const std::string file = write_rejects(settings_.reject_dir, table.write.name, rejects);
    const std::lock_guard lock(mutex_);
    loaded_[item.table].rejects = static_cast<std::int64_t>(rejects.size());
    loaded_[item.table].reject_file = file;
  }

  void end(std::size_t table) {
    {
      const std::lock_guard lock(mutex_);
      loaded_[table].ended = !loaded_[table].error;
      touch(table);
    }
    table_ended_(table);
  }

  void fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!first_) first_ = std::move(error);
    stop_.request_stop();
  }

  const std::vector<LoadTable>& tables_;
  const LoadSettings& settings_;
  Progress& progress_;
  std::vector<Loaded>& loaded_;
  const std::function<void(std::size_t)>& table_ended_;
  PageList list_;
  std::stop_source stop_;
  std::mutex mutex_;  // guards what follows and loaded_
  std::vector<Clock::time_point> began_;
  std::exception_ptr first_;
};

}  // namespace

void load(const std::vector<LoadTable>& tables, Snapshot& snapshot,
          const std::function<std::unique_ptr<Writer>()>& writer, PageSize size,
          const LoadSettings& settings, Progress& progress, std::vector<Loaded>& loaded,
          const std::function<void(std::size_t)>& table_ended) {
  Load work(tables, snapshot, size, settings, progress, loaded, table_ended);
  {
    const std::stop_callback forward(settings.stop, [&] { work.stop().request_stop(); });
    std::vector<std::jthread> lanes;
    for (int lane = 0; lane < settings.lanes; ++lane) {
      lanes.emplace_back(
          [&] { work.run_lane({.reader = [&] { return snapshot.reader(); }, .writer = writer}); });
    }
  }
  work.rethrow();
  if (settings.stop.stop_requested()) throw interrupted();
}

}  // namespace rowferry
