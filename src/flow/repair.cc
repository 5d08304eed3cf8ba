#include "flow/repair.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>

#include "engine/sql/mend_text.h"
#include "engine/sql/rejected.h"

namespace rowferry {

namespace {

using Step = Mender::Step;

constexpr std::size_t kBytes = 2 << 20;  // of rows in one transaction
constexpr std::int64_t kRows = 20'000;   // and so many at most
constexpr std::size_t kStatements = 16;  // sets of columns that are told apart in one
constexpr std::size_t kTold = 10;        // refused rows of a table that are named
constexpr int kTurns = 20;               // in which rows that were refused are tried again
constexpr int kExchanges = 4;            // in which they change places

// Rows that one statement changes.
struct Group {
  std::vector<int> columns;
  Batch rows;
};

std::vector<int> with(const std::vector<int>& columns, const std::vector<int>& more) {
  std::set<int> all(columns.begin(), columns.end());
  all.insert(more.begin(), more.end());
  return {all.begin(), all.end()};
}

// Rows of one kind of change, gathered until they fill a transaction.
class Gathered {
 public:
  explicit Gathered(RowFormat format) : format_(format) {}

  bool full() const { return bytes_ >= kBytes || rows_ >= kRows; }
  bool empty() const { return rows_ == 0; }
  std::int64_t bytes() const { return static_cast<std::int64_t>(bytes_); }
  std::vector<Group>& groups() { return groups_; }

  void add(const std::vector<int>& columns, std::string_view row) {
    group_for(columns).rows.append_row(row);
    bytes_ += row.size();
    ++rows_;
  }
  void clear() {
    groups_.clear();
    bytes_ = 0;
    rows_ = 0;
  }

 private:
  // Where there are many sets of columns the last one takes those of the others in.
  Group& group_for(const std::vector<int>& columns) {
    const auto found = std::find_if(groups_.begin(), groups_.end(),
                                    [&](const Group& group) { return group.columns == columns; });
    if (found != groups_.end()) return *found;
    if (groups_.size() == kStatements) {
      Group& last = groups_.back();
      last.columns = with(last.columns, columns);
      return last;
    }
    groups_.push_back({.columns = columns, .rows = {}});
    groups_.back().rows.format = format_;
    return groups_.back();
  }

  RowFormat format_;
  std::vector<Group> groups_;
  std::size_t bytes_ = 0;
  std::int64_t rows_ = 0;
};

class Repair {
 public:
  Repair(const std::vector<RepairTable>& tables,
         const std::function<std::unique_ptr<Mender>()>& mender, const RepairSettings& settings,
         Progress& progress, std::vector<Repaired>& repaired)
      : tables_(tables),
        open_(mender),
        settings_(settings),
        progress_(progress),
        repaired_(repaired) {
    repaired_.assign(tables.size(), {});
  }

  void run(ChangeLog& changes) {
    auto left = once(changes, false);
    for (int turn = 0; turn < kTurns && left->any(); ++turn) {
      auto still = once(*left, true);
      const bool stuck = total(*still) == total(*left);
      left = std::move(still);
      if (stuck && !exchange(left, false) && !exchange(left, true)) break;
    }
    tell(*left);
  }

 private:
  struct Taken {
    Step step;
    Change change;
  };

  std::unique_ptr<ChangeLog> log() const { return std::make_unique<ChangeLog>(tables_.size()); }

  std::int64_t total(const ChangeLog& changes) const {
    std::int64_t count = 0;
    for (std::size_t table = 0; table < tables_.size(); ++table) {
      for (const Change change : {Change::insert, Change::update, Change::remove}) {
        count += changes.count(table, change);
      }
    }
    return count;
  }

  // Tries all changes; returns those that were refused.
  std::unique_ptr<ChangeLog> once(ChangeLog& changes, bool again) {
    auto refused = log();
    const bool adopts = again && settings_.adopts;
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      const bool keyed = !tables_[i].mended.key.empty();
      take(i, {Step::update, Change::update}, changes, *refused);
      take(i, {adopts && keyed ? Step::adopt : Step::insert, Change::insert}, changes, *refused);
    }
    for (std::size_t i = tables_.size(); i-- > 0;) {
      take(i, {Step::remove, Change::remove}, changes, *refused);
    }
    return refused;
  }

  void take(std::size_t table, Taken what, ChangeLog& changes, ChangeLog& refused) {
    if (changes.count(table, what.change) == 0 || repaired_[table].error) return;
    try {
      take_all(table, what, changes, refused);
    } catch (Error& error) {
      if (error.kind() != ErrorKind::auth && !ends_table_only(error.kind())) throw;
      repaired_[table].error = error.at("table " + to_string(tables_[table].mended.rows.name));
    }
  }

  void take_all(std::size_t table, Taken what, ChangeLog& changes, ChangeLog& refused) {
    Gathered gathered(tables_[table].mended.rows.format);
    changes.each(table, what.change, [&](const std::vector<int>& columns, std::string_view row) {
      if (settings_.stop.stop_requested()) throw interrupted();
      gathered.add(columns, row);
      if (gathered.full()) commit(table, what, gathered, refused);
    });
    commit(table, what, gathered, refused);
  }

  // One transaction of what has been gathered.
  void commit(std::size_t table, Taken what, Gathered& gathered, ChangeLog& refused) {
    if (gathered.empty()) return;
    pass(settings_.throttle, gathered.bytes(), settings_.stop);
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::vector<Refused>> lists;
    std::int64_t changed = 0;
    transaction([&](Mender& mender) {
      lists.clear();
      changed = 0;
      for (const Group& group : gathered.groups()) {
        lists.emplace_back();
        changed +=
            mender.apply(what.step, tables_[table].mended, group.columns, group.rows, lists.back());
      }
      return true;
    });
    count(table, what.change, changed);
    for (std::size_t i = 0; i < lists.size(); ++i) {
      keep(table, what.change, gathered.groups()[i], lists[i], refused);
    }
    gathered.clear();
    repaired_[table].seconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }

  void count(std::size_t table, Change change, std::int64_t rows) {
    Repaired& repaired = repaired_[table];
    (change == Change::insert   ? repaired.inserted
     : change == Change::update ? repaired.updated
                                : repaired.removed) += rows;
    progress_.page_landed(tables_[table].source, rows, 0);
  }

  // Runs `work` in a transaction and commits it if it says so. Tried again where nothing can have
  // been committed.
  void transaction(const std::function<bool(Mender&)>& work) {
    std::optional<Error> unknown;
    with_retries(
        settings_.retry, settings_.stop, [this](std::string_view text) { progress_.note(text); },
        [&](int) {
          try {
            if (!mender_) mender_ = open_();
            mender_->begin();
            if (work(*mender_)) {
              mender_->commit();
            } else {
              mender_->rollback();
            }
          } catch (const Error& error) {
            const bool ambiguous = error.kind() == ErrorKind::ambiguous;
            if (ambiguous || error.kind() == ErrorKind::transient) mender_.reset();
            if (!ambiguous) throw;
            unknown = error;
          }
        });
    if (unknown) throw Error(*unknown);
  }

  // Lets rows that hold each other's unique values change places, a table in one transaction; true
  // when something was changed. With `vacates`, rows that are to go, and cannot yet, give theirs
  // up.
  bool exchange(std::unique_ptr<ChangeLog>& left, bool vacates) {
    auto still = log();
    for (std::size_t i = 0; i < tables_.size(); ++i) {
      const bool parks = !repaired_[i].error && !sql::parked_columns(tables_[i].mended).empty();
      auto todo = log();
      auto stays = log();
      move(i, *left, parks ? *todo : *stays);
      for (int turn = 0; turn < kExchanges && places(*todo, i, vacates); ++turn) {
        auto refused = log();
        if (change_places(i, *todo, vacates, *refused)) {
          keep_removes(i, *todo, *stays);
          todo = log();
        } else {
          auto without = log();
          subtract(i, *todo, *refused, *without);
          move(i, *refused, *stays);
          todo = std::move(without);
        }
      }
      move(i, *todo, *still);
      move(i, *stays, *still);
    }
    const bool changed = total(*still) < total(*left);
    left = std::move(still);
    return changed;
  }

  // Whether rows of the table may stand in each other's way.
  static bool places(const ChangeLog& todo, std::size_t table, bool vacates) {
    if (todo.count(table, Change::update) > 0) return true;
    return vacates && todo.count(table, Change::insert) > 0 &&
           todo.count(table, Change::remove) > 0;
  }

  // Rows that have given up their values go when nothing refers to them any more.
  static void keep_removes(std::size_t table, ChangeLog& from, ChangeLog& to) {
    from.each(table, Change::remove, [&](const std::vector<int>& columns, std::string_view row) {
      to.add(table, Change::remove, columns, row);
    });
  }

  void move(std::size_t table, ChangeLog& from, ChangeLog& to) const {
    for (const Change change : {Change::insert, Change::update, Change::remove}) {
      from.each(table, change, [&](const std::vector<int>& columns, std::string_view row) {
        to.add(table, change, columns, row);
      });
    }
  }

  // Both lists are in one order.
  void subtract(std::size_t table, ChangeLog& from, ChangeLog& what, ChangeLog& to) const {
    for (const Change change : {Change::insert, Change::update, Change::remove}) {
      std::map<std::string, int, std::less<>> out;
      what.each(table, change,
                [&](const std::vector<int>&, std::string_view row) { ++out[std::string(row)]; });
      from.each(table, change, [&](const std::vector<int>& columns, std::string_view row) {
        const auto found = out.find(row);
        if (found != out.end() && found->second-- > 0) return;
        to.add(table, change, columns, row);
      });
    }
  }

  // True when all of them have; else nothing is changed, and `refused` has those that could not.
  bool change_places(std::size_t table, ChangeLog& todo, bool vacates, ChangeLog& refused) {
    const std::vector<int> parked = sql::parked_columns(tables_[table].mended);
    std::int64_t failed = 0;
    std::int64_t bytes = 0;
    // Waits before it and after: a transaction that waits keeps rows from others.
    pass(settings_.throttle, 0, settings_.stop);
    transaction([&](Mender& mender) {
      failed = 0;
      const auto each = [&](Step step, Change change, bool matters) {
        Gathered gathered(tables_[table].mended.rows.format);
        const auto send = [&] {
          bytes += gathered.bytes();
          for (const Group& group : gathered.groups()) {
            std::vector<Refused> list;
            // What was parked has to be set, even where it does not differ.
            mender.apply(step, tables_[table].mended,
                         matters ? with(group.columns, parked) : parked, group.rows, list);
            if (!matters) continue;
            failed += static_cast<std::int64_t>(list.size());
            keep(table, change, group, list, refused);
          }
          gathered.clear();
        };
        todo.each(table, change, [&](const std::vector<int>& columns, std::string_view row) {
          gathered.add(columns, row);
          if (gathered.full()) send();
        });
        send();
      };
      if (vacates) each(Step::vacate, Change::remove, false);
      each(Step::park, Change::update, false);
      each(Step::update, Change::update, true);
      each(settings_.adopts ? Step::adopt : Step::insert, Change::insert, true);
      return failed == 0;
    });
    if (failed == 0) {
      repaired_[table].updated += todo.count(table, Change::update);
      repaired_[table].inserted += todo.count(table, Change::insert);
    }
    pass(settings_.throttle, bytes, settings_.stop);
    return failed == 0;
  }

  void keep(std::size_t table, Change change, const Group& group, const std::vector<Refused>& list,
            ChangeLog& refused) {
    std::size_t place = 0;
    auto next = list.begin();
    for (CellCursor cursor(group.rows.bytes()); !cursor.done() && next != list.end(); ++place) {
      const std::string_view row = cursor.skip_row();
      if (next->place != place) continue;
      refused.add(table, change, group.columns, row);
      reasons_[{table, change}] = *next;
      ++next;
    }
  }

  void tell(ChangeLog& left) {
    for (std::size_t table = 0; table < tables_.size(); ++table) {
      for (const Change change : {Change::insert, Change::update, Change::remove}) {
        Repaired& repaired = repaired_[table];
        repaired.refused += left.count(table, change);
        left.each(table, change, [&](const std::vector<int>&, std::string_view row) {
          if (repaired.first.size() >= kTold) return;
          repaired.first.push_back({.change = change,
                                    .key = name_of_row(tables_[table], change, row),
                                    .code = reasons_[{table, change}].code,
                                    .reason = reasons_[{table, change}].reason});
        });
      }
    }
  }

  const std::vector<RepairTable>& tables_;
  const std::function<std::unique_ptr<Mender>()>& open_;
  const RepairSettings& settings_;
  Progress& progress_;
  std::vector<Repaired>& repaired_;
  std::unique_ptr<Mender> mender_;
  std::map<std::pair<std::size_t, Change>, Refused> reasons_;  // the last of each
};

}  // namespace

std::string name_of_row(const RepairTable& table, Change change, std::string_view row) {
  const bool removed = change == Change::remove;
  const std::vector<Kind>& kinds = removed ? table.standing_kinds : table.kinds;
  const TableWrite& shape = removed ? table.mended.standing : table.mended.rows;
  std::vector<RejectedCell> cells;
  CellCursor cursor(row);
  cursor.row();
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const std::string_view cell = cursor.cell();
    const std::string& name = shape.columns[i].name;
    cells.push_back(cursor.null() ? sql::null_cell(name) : sql::cell_of(name, kinds[i], cell));
  }
  return sql::key_text(cells, sql::naming_columns(table.mended.key, cells.size()));
}

void repair(const std::vector<RepairTable>& tables, ChangeLog& changes,
            const std::function<std::unique_ptr<Mender>()>& mender, const RepairSettings& settings,
            Progress& progress, std::vector<Repaired>& repaired) {
  Repair(tables, mender, settings, progress, repaired).run(changes);
}

}  // namespace rowferry
