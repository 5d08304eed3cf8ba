#include "flow/load.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "flow/amend.h"
#include "flow/rejects.h"

namespace rowferry {

namespace {

constexpr std::int64_t kMostRejects = 1000;  // listed of a table of which no more is allowed

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
      Lane lane(
          std::move(ends), settings_.retry, stop_.get_token(),
          [this](std::string_view text) { progress_.note(text); }, settings_.throttle);
      while (!stop_.stop_requested()) {
        pass(settings_.throttle, 0, stop_.get_token());
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
      const bool rows_at_fault = error.kind() == ErrorKind::data && !item.error;
      if (!rows_at_fault || !move_rest(lane, item)) page_failed(item, error, rows_at_fault);
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

  // Keeps the first error of a table. Its other pages go on while there is more to learn.
  void page_failed(const PageList::Item& item, const Error& error, bool rows_at_fault) {
    const std::lock_guard lock(mutex_);
    Loaded& loaded = loaded_[item.table];
    if (!loaded.error) loaded.error = error;
    if (!rows_at_fault || loaded.rejects >= kMostRejects) list_.drop(item.table);
  }

  // Lists the rows of a page that cannot land, and lands the others if that many are allowed; true
  // when it did.
  bool move_rest(Lane& lane, const PageList::Item& item) {
    const LoadTable& table = tables_[item.table];
    Reservation reservation(*this, item.table);
    std::vector<std::string> listed;
    const auto allows = [&](const std::vector<Reject>& rejects) {
      list_rejects(item, rejects, listed);
      return reservation.take(static_cast<std::int64_t>(rejects.size()));
    };
    try {
      const auto moved =
          lane.move_fit(table.read, table.write, item.page, most_to_list(item.table), allows);
      if (moved) landed(item, *moved);
      if (moved) reservation.keep();
      if (!moved) count_listed(item.table, listed.size());
      return moved.has_value();
    } catch (const Error& error) {
      if (!ends_table_only(error.kind())) throw;
      progress_.note("could not list the rows at fault: " + error.line());
      return false;
    }
  }

  // What a page may leave out of the table's allowance, until it has landed.
  class Reservation {
   public:
    Reservation(Load& load, std::size_t table) : load_(load), table_(table) {}
    Reservation(const Reservation&) = delete;
    Reservation& operator=(const Reservation&) = delete;
    ~Reservation() { give_back(); }

    bool take(std::int64_t rows) {
      give_back();
      const std::lock_guard lock(load_.mutex_);
      std::int64_t& left_out = load_.loaded_[table_].left_out;
      const std::int64_t all = load_.tables_[table_].left_out + left_out + rows;
      if (all > load_.settings_.max_rejects && rows > 0) return false;
      left_out += rows;
      taken_ = rows;
      return true;
    }
    void keep() { taken_ = 0; }

   private:
    void give_back() {
      const std::lock_guard lock(load_.mutex_);
      load_.loaded_[table_].left_out -= taken_;
      taken_ = 0;
    }

    Load& load_;
    std::size_t table_;
    std::int64_t taken_ = 0;
  };

  // Another attempt at the page mostly finds the same rows.
  void list_rejects(const PageList::Item& item, const std::vector<Reject>& rejects,
                    std::vector<std::string>& listed) {
    std::vector<std::string> keys;
    for (const Reject& reject : rejects) keys.push_back(reject.key);
    if (keys == listed || rejects.empty()) return;
    listed = std::move(keys);
    const std::lock_guard lock(rejects_mutex_);
    add_rejects(settings_.reject_dir, tables_[item.table].write.name, rejects, item.page);
  }

  void count_listed(std::size_t table, std::size_t rows) {
    const std::lock_guard lock(mutex_);
    loaded_[table].rejects += static_cast<std::int64_t>(rows);
  }

  // More than can be allowed, so that what is not looked for is not allowed either.
  std::size_t most_to_list(std::size_t table) {
    const std::lock_guard lock(mutex_);
    const std::int64_t allowed =
        settings_.max_rejects - tables_[table].left_out - loaded_[table].left_out;
    return static_cast<std::size_t>(std::max(kMostRejects, allowed + 1));
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
  std::mutex rejects_mutex_;  // guards the reject files
  std::mutex mutex_;          // guards what follows and loaded_
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
      lanes.emplace_back([&] {
        work.run_lane(
            {.reader = [&] { return std::make_unique<AmendingReader>(snapshot.reader()); },
             .writer = writer});
      });
    }
  }
  work.rethrow();
  if (settings.stop.stop_requested()) throw interrupted();
}

}  // namespace rowferry
