#include "workflow/sync.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "engine/sql/alter.h"
#include "flow/settle.h"
#include "workflow/ages.h"
#include "workflow/altering.h"
#include "workflow/existing.h"
#include "workflow/live.h"
#include "workflow/pair.h"
#include "workflow/planning.h"
#include "workflow/scripting.h"
#include "workflow/sync_copies.h"
#include "workflow/sync_hold.h"
#include "workflow/throttling.h"
#include "workflow/views.h"
#include "workflow/zoom.h"

namespace rowferry {

namespace {

constexpr int kRounds = 4;  // in which both sides are compared and repaired
constexpr const char* kLost = "snapshot.lost";

// One run, a phase a method.
class SyncRun {
 public:
  SyncRun(const Request& request, const Surroundings& surroundings, const SyncWish& wish,
          const SyncDiffers& take)
      : request_(request),
        surroundings_(surroundings),
        progress_(surroundings.progress),
        wish_(wish),
        take_(take),
        ends_(reach(request, surroundings, false)),
        ages_(request.min_age),
        views_(request, ends_, surroundings),
        hold_(request, ends_, surroundings.progress),
        copies_(request, surroundings, ends_, wish, report_) {
    if (!ends_.to.mender) {
      throw Error(ErrorKind::unsupported, "engine.mender",
                  request.target.scheme + ": its rows cannot be changed one by one");
    }
    report_.dry_run = wish.dry_run;
  }

  SyncReport run() {
    const auto began = std::chrono::steady_clock::now();
    try {
      prepare();
      compare_and_repair();
      number_on();
      keep_marks();
      views_.close_source();
      copies_.copy_missing();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::interrupted) throw;
      report_.interrupted = true;
    }
    report_.not_one_point = views_.source_limits();
    for (SyncedTable& table : report_.tables) {
      conclude(table, wish_, copies_.state(table.source), report_.not_one_point.empty());
    }
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return std::move(report_);
  }

 private:
  // The tables are this run's alone before it looks at them.
  void prepare() {
    Plan plan = plan_anew();
    std::vector<std::string> names;
    for (const TablePlan& table : plan.tables) names.push_back(to_string(table.write.name));
    std::sort(names.begin(), names.end());
    const bool held = wish_.dry_run || hold_.take(names, wish_.wait);
    if (!wish_.dry_run) views_.close_source();  // what another sync has done since would be undone
    if (!held) hold_.wait_for(names);
    if (!held || (wish_.lite && !wish_.dry_run)) plan = plan_anew();
    if (views_.source() == nullptr) views_.open_source();
    if (wish_.alter) alter(plan);
    look_at(plan);
    leave_unfinished();
    if (wish_.lite) narrow();
  }

  Plan plan_anew() {
    progress_.phase("opening the snapshot");
    views_.open_source();
    progress_.phase("reading the schema");
    const auto here = views_.source()->catalog();
    const auto there = ends_.to.catalog(ends_.target, ends_.target_options);
    schema_ = there->describe([](const TableName&) { return true; });
    for (Table& table : there->outsiders()) schema_.tables.push_back(std::move(table));
    return make_plan(ends_, request_, *here, there.get(),
                     wish_.script ? Purpose::script : Purpose::compare);
  }

  // What has been altered is planned anew. Run again after any end, it goes on with what is left.
  void alter(Plan& plan) {
    progress_.phase("altering columns");
    const auto words = ends_.to.alter(ends_.target_dialect->facts());
    const auto here = views_.source()->catalog();
    const Plan made = make_plan(ends_, request_, *here, nullptr);
    const bool folds =
        ends_.source_dialect->rules().folds_case || ends_.target_dialect->rules().folds_case;
    const std::vector<Alteration> wanted =
        alterations(made, plan, schema_, *ends_.target_dialect, *words, folds);
    if (!run_alterations(wanted, ends_, request_.stop, wish_.dry_run, progress_, altered_)) return;
    views_.close_source();  // what it sees would grow old
    plan = plan_anew();
  }

  void look_at(const Plan& plan) {
    references_.emplace(schema_);
    std::vector<TableName> names;
    for (const TablePlan& table : plan.tables) names.push_back(table.write.name);
    if (!wish_.script) selected_.insert(names.begin(), names.end());
    check_modified(wish_, plan);
    views_.open_target();
    round_trip_ = round_trip(*views_.source()->catalog(), *views_.target()->catalog());
    const auto source = views_.source()->pager();
    const auto target = views_.target()->pager();
    for (const std::size_t i : references_->parents_first(names)) {
      add(plan.tables[i], *source, *target);
    }
    ages_.check_used();
  }

  void add(const TablePlan& table, Pager& source, Pager& target) {
    SyncedTable synced;
    synced.source = table.read.table.name;
    synced.target = table.write.name;
    synced.notes = table.not_carried;
    if (const auto altered = altered_.find(synced.target); altered != altered_.end()) {
      synced.altered = altered->second.statements;
      synced.notes.insert(synced.notes.end(), altered->second.notes.begin(),
                          altered->second.notes.end());
    }
    const bool missing = std::any_of(table.errors.begin(), table.errors.end(),
                                     [](const Error& e) { return e.code() == "table.missing"; });
    if (missing) {
      copies_.add_missing(table.read.table.name);
    } else {
      synced.errors = table.errors;
    }
    name_triggers(table, synced);
    name_unknown_numbers(table.read.table, synced);
    if (table.errors.empty()) {
      Pair pair = pair_of(table, source, target);
      if (set_ages(table, ends_, ages_, pair.compared, synced.errors)) {
        pair.replaceable = pair.replaceable && pair.compared.ages.empty();
        pairs_.push_back(std::move(pair));
      }
    }
    report_.tables.push_back(std::move(synced));
  }

  void name_unknown_numbers(const Table& source, SyncedTable& synced) const {
    for (const Column& column : source.columns) {
      if (!column.identity || column.identity->sequence.known || wish_.dry_run) continue;
      synced.notes.push_back({"identity.unknown", "column " + column.name +
                                                      ": the user may not read how far the source"
                                                      " has numbered it, and the target stays where"
                                                      " it is"});
    }
  }

  void name_triggers(const TablePlan& table, SyncedTable& synced) const {
    const bool fires = ends_.target_dialect->rules().triggers_fire;
    const bool changes = !wish_.dry_run || wish_.script;
    if (table.target.triggers == Table::Triggers::none || !fires || !changes) return;
    synced.notes.push_back(
        {"trigger.fires", "triggers of the target fire for rows that are changed there"});
  }

  Pair pair_of(const TablePlan& table, Pager& source, Pager& target) {
    Pair pair{.report = report_.tables.size(),
              .compared = {},
              .repair = {},
              .compared_only = table.compared_only,
              .replaceable =
                  wish_.updates && wish_.inserts && wish_.removes && !wish_.lite &&
                  can_be_replaced(table, *ends_.source_dialect, *ends_.target_dialect, schema_),
              .plan = plan_fingerprint(table)};
    pair.compared = make_comparison(table, *ends_.source_dialect, *ends_.target_dialect, source,
                                    target, digest_wish(request_, round_trip_));
    pair.compared.finer = finer_pages(request_, pair.compared, round_trip_);
    pair.whole = pair.compared.source.gaps;
    pair.repair = make_repair(table, pair.compared, *references_);
    pair.lacks_key = leaves_key_out(table);
    pair.followed = references_->followed(table.write.name, selected_);
    pair.numbered_behind = numbers_behind(table.target, table.read.table);
    const Table raised = with_next_values(table.target, table.read.table);
    for (Statement& statement : ends_.target_dialect->create(raised)) {
      if (statement.stage != Statement::Stage::next_values) continue;
      pair.next_values.push_back(std::move(statement));
    }
    return pair;
  }

  static bool leaves_key_out(const TablePlan& plan) {
    if (!plan.target.primary_key) return false;
    const auto& parts = plan.target.primary_key->parts;
    return std::any_of(parts.begin(), parts.end(), [&](const IndexPart& part) {
      return std::none_of(plan.write.columns.begin(), plan.write.columns.end(),
                          [&](const ColumnWrite& c) { return c.name == part.column; });
    });
  }

  // Tables that somebody's copy has begun, an earlier sync's among them, are not compared.
  void leave_unfinished() {
    copies_.find_begun();
    std::erase_if(pairs_, [&](const Pair& pair) {
      const SyncedTable& table = report_.tables[pair.report];
      return !table.errors.empty() || copies_.is_missing(table.source);
    });
  }

  // A quick run looks at what lies past its marks.
  void narrow() {
    const auto source = views_.source()->catalog();
    const auto ledger = ends_.to.ledger(ends_.target, ends_.target_options);
    for (Pair& pair : pairs_) {
      SyncedTable& table = report_.tables[pair.report];
      try {
        pair.lite =
            plan_lite(ends_, wish_, pair.compared, pair.repair.mended, pair.plan, *source, *ledger);
      } catch (const Error& error) {
        if (!ends_table_only(error.kind())) throw;
        table.errors.push_back(error);
        continue;
      }
      rowferry::narrow(*pair.lite, pair.compared);
      pair.whole = pair.compared.source.gaps;
      for (Loss& note : notes_of(*pair.lite)) table.notes.push_back(std::move(note));
    }
    std::erase_if(pairs_, [](const Pair& pair) { return !pair.lite; });
    report_.not_proven = not_proven();
  }

  void compare_and_repair() {
    std::vector<std::size_t> todo;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const bool begun = copies_.is_begun(report_.tables[pairs_[i].report].source);
      if (begun) {
        to_replace_.insert(i);
      } else {
        todo.push_back(i);
      }
    }
    if (wish_.script) return print(todo);
    rounds(todo);
    if (wish_.dry_run) return;
    const std::vector<std::size_t> replaced = replace();
    rounds(replaced);
    for (const std::size_t i : replaced) {
      SyncedTable& table = report_.tables[pairs_[i].report];
      if (!table.left.ended) table.left = table.compared;  // nothing was changed since that
    }
  }

  // Tables whose rows mostly differ, copied whole: they are still to be compared.
  std::vector<std::size_t> replace() {
    std::vector<std::size_t> todo;
    for (const std::size_t i : std::exchange(to_replace_, {})) {
      progress_.phase("copying what mostly differs");
      hold_.keep();
      views_.close();  // they would not see what the copy does
      pairs_[i].replaceable = false;
      SyncedTable& table = report_.tables[pairs_[i].report];
      copies_.replace(table);
      if (!table.errors.empty()) continue;
      pairs_[i].compared.source.gaps = pairs_[i].whole;
      todo.push_back(i);
    }
    return todo;
  }

  // Compares, repairs, and compares what was repaired anew, until nothing differs that could be
  // mended.
  void rounds(std::vector<std::size_t> todo) {
    for (int round = 0; round < kRounds + lost_ && !todo.empty(); ++round) {
      progress_.phase(round == 0 ? "comparing" : "comparing what was repaired");
      ChangeLog changes(todo.size());
      const std::vector<Compared> compared = compare_all(todo, changes);
      std::vector<std::size_t> next = unfinished(todo, compared);
      put_aside_to_replace(todo, compared, changes);
      if (wish_.dry_run || round + 1 == kRounds + lost_) {
        todo = std::move(next);
        continue;
      }
      const bool whole = !mend(todo, compared, changes);
      for (std::size_t i = 0; i < todo.size(); ++i) {
        const bool failed = !report_.tables[pairs_[todo[i]].report].errors.empty();
        if (failed || !compared[i].ended || !changed(changes, i) || is_put_aside(todo[i])) continue;
        look_again(pairs_[todo[i]], compared[i], whole);
        next.push_back(todo[i]);
      }
      add_touched(next);
      todo = std::move(next);
    }
  }

  // Tables whose comparison the loss of a view has cut short.
  static std::vector<std::size_t> unfinished(const std::vector<std::size_t>& todo,
                                             const std::vector<Compared>& compared) {
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < todo.size(); ++i) {
      if (!compared[i].ended && !compared[i].error) rest.push_back(todo[i]);
    }
    return rest;
  }

  // What would be done, as a script for the target.
  void print(const std::vector<std::size_t>& todo) {
    progress_.phase("comparing");
    ChangeLog changes(todo.size());
    std::vector<Compared> compared;
    if (!todo.empty()) compared = compare_all(todo, changes);
    if (!unfinished(todo, compared).empty()) {
      throw Error(ErrorKind::transient, "snapshot.lost",
                  "a view was lost while both sides were compared, and half a script is none")
          .hint("run the same command again");
    }
    ChangeLog wanted(todo.size());
    keep_wanted(todo, compared, changes, wanted);
    std::vector<RepairTable> repairs;
    for (const std::size_t i : todo) repairs.push_back(pairs_[i].repair);
    std::vector<ScriptTable> tables =
        script_tables(repairs, schema_, ends_.target_dialect->rules());
    for (std::size_t i = 0; i < todo.size(); ++i) {
      for (const Statement& statement : pairs_[todo[i]].next_values) {
        tables[i].after.push_back(statement.sql);
      }
    }
    progress_.phase("writing the script");
    print_script(tables, wanted, ends_, report_,
                 {.stop = request_.stop,
                  .adopts = wish_.updates && wish_.removes,
                  .put = wish_.script,
                  .note = [this](std::string_view text) { progress_.note(text); }});
  }

  static bool changed(const ChangeLog& changes, std::size_t table) {
    return changes.count(table, Change::insert) + changes.count(table, Change::update) +
               changes.count(table, Change::remove) >
           0;
  }

  void put_aside_to_replace(const std::vector<std::size_t>& todo,
                            const std::vector<Compared>& compared, const ChangeLog& changes) {
    for (std::size_t i = 0; i < todo.size(); ++i) {
      const bool may =
          pairs_[todo[i]].replaceable && compared[i].ended && compared[i].unreadable == 0;
      if (!may || !cheaper_to_copy(changes, i, compared[i].source_rows)) continue;
      to_replace_.insert(todo[i]);
      if (!wish_.dry_run) continue;
      report_.tables[pairs_[todo[i]].report].notes.push_back(
          {"table.replaced", "most of its rows differ: it would be emptied and copied whole"});
    }
  }

  bool is_put_aside(std::size_t pair) const { return to_replace_.count(pair) > 0; }

  // Foreign keys may have changed rows of tables that nobody wrote to.
  void add_touched(std::vector<std::size_t>& todo) {
    std::set<TableName> touched;
    for (const std::size_t i : todo) {
      for (const TableName& name : references_->touched(pairs_[i].repair.mended.rows.name)) {
        touched.insert(name);
      }
    }
    std::set<std::size_t> all(todo.begin(), todo.end());
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      if (touched.count(pairs_[i].repair.mended.rows.name) == 0) continue;
      pairs_[i].compared.source.gaps = pairs_[i].whole;
      all.insert(i);
    }
    todo.assign(all.begin(), all.end());
  }

  std::vector<Compared> compare_all(const std::vector<std::size_t>& todo, ChangeLog& changes) {
    views_.open();
    movement_.next();
    std::vector<ComparedTable> tables;
    tables.reserve(todo.size());
    for (const std::size_t i : todo) tables.push_back(pairs_[i].compared);
    expect(tables, progress_);
    CompareSettings settings = views_.settings();
    settings.rows = true;
    std::vector<Compared> compared;
    const auto keep = [&] {
      for (std::size_t i = 0; i < compared.size(); ++i) {
        SyncedTable& table = report_.tables[pairs_[todo[i]].report];
        spend(table, compared[i]);
        (looked_.count(todo[i]) == 0 ? table.compared : table.left) = compared[i];
      }
    };
    std::vector<std::int64_t> moving(todo.size());
    const TakeDifference take = [&](std::size_t index, const Difference& difference) {
      const Pair& pair = pairs_[todo[index]];
      if (looked_.count(todo[index]) == 0) tell(pair, difference);
      if (request_.settle && movement_.moved(todo[index], pair.compared, difference)) {
        ++moving[index];
      }
      log_difference(pair, wish_, difference, index, changes);
    };
    try {
      views_.compare(tables, settings, take, compared);
      look_up_modified(todo, take, compared);
    } catch (const Error& error) {
      if (error.code() != kLost || lost_ == request_.retries) {
        keep();
        throw;
      }
      go_on_without(error, todo, compared);
    } catch (...) {
      keep();
      throw;
    }
    count_moving(todo, moving, compared);
    keep();
    for (std::size_t i = 0; i < todo.size(); ++i) {
      if (compared[i].ended) looked_.insert(todo[i]);
    }
    for (std::size_t i = 0; i < todo.size(); ++i) {
      SyncedTable& table = report_.tables[pairs_[todo[i]].report];
      const Pair& pair = pairs_[todo[i]];
      table.by = pair.lite ? describe(*pair.lite) : describe(pair.compared);
      if (compared[i].error) table.errors.push_back(*compared[i].error);
    }
    views_.close_target();                       // a file takes no changes while somebody reads it
    if (request_.settle) views_.close_source();  // each round has a view of its own
    return compared;
  }

  // A view is gone with its server or session. Nothing binds the tables to one moment but that:
  // those that have been compared are repaired, the others are looked at under a new view.
  void go_on_without(const Error& error, const std::vector<std::size_t>& todo,
                     const std::vector<Compared>& compared) {
    ++lost_;
    progress_.note(error.line() +
                   "; going on under a new one: tables are repaired to states of the source "
                   "that are not all of one moment");
    views_.close_source();
    for (std::size_t i = 0; i < todo.size(); ++i) {
      if (compared[i].ended || looked_.count(todo[i]) > 0) continue;
      report_.tables[pairs_[todo[i]].report].first.clear();
    }
  }

  // Only a source that is seen anew can have changed.
  void count_moving(const std::vector<std::size_t>& todo, const std::vector<std::int64_t>& moving,
                    std::vector<Compared>& compared) const {
    if (!request_.settle) return;
    for (std::size_t i = 0; i < todo.size(); ++i) {
      if (looked_.count(todo[i]) > 0) compared[i].moving = moving[i];
    }
  }

  static void spend(SyncedTable& table, const Compared& compared) {
    table.seconds += compared.seconds;
    table.fetch_seconds += compared.fetch_seconds;
    table.bytes += compared.bytes;
  }

  // Rows before the mark's key that were modified since the mark's time.
  void look_up_modified(const std::vector<std::size_t>& todo, const TakeDifference& take,
                        std::vector<Compared>& compared) {
    const LookSettings settings{.retry = retry_policy(),
                                .stop = request_.stop,
                                .note = [this](std::string_view text) { progress_.note(text); },
                                .throttle = surroundings_.throttle};
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < todo.size(); ++i) {
      if (!pairs_[todo[i]].lite || !compared[i].ended) continue;
      compared[i].ended = false;  // until these are through
      rest.push_back(i);
    }
    for (const std::size_t i : rest) {
      const Pair& pair = pairs_[todo[i]];
      try {
        rowferry::look_up_modified(
            ends_, *pair.lite, pair.compared, *views_.source(), *views_.target(), settings,
            [&](const Difference& difference) { take(i, difference); }, compared[i]);
        compared[i].ended = true;
      } catch (const Error& error) {
        if (!ends_table_only(error.kind())) throw;
        compared[i].error = error;
      }
    }
  }

  // Marks say that rows up to them are there, so they come after these.
  void keep_marks() {
    if (wish_.dry_run || !wish_.lite) return;
    std::vector<Marks> marks;
    for (const Pair& pair : pairs_) {
      const SyncedTable& table = report_.tables[pair.report];
      if (!pair.lite || !is_done(table, wish_)) continue;
      marks.push_back(pair.lite->marks(table.target));
    }
    if (marks.empty()) return;
    hold_.keep();
    if (!views_.source_limits().empty()) {
      return progress_.note("marks stay where they are: the source was not seen at one moment");
    }
    const auto note = [this](std::string_view text) { progress_.note(text); };
    with_retries(retry_policy(), request_.stop, note, [&](int) {
      const auto mender = ends_.to.mender(ends_.target, ends_.target_options);
      mender->begin();
      for (const Marks& of_table : marks) mender->remember(of_table);
      mender->commit();
    });
  }

  // What numbers rows goes on behind those that have come, in this run or in one that was killed
  // before it came to this.
  void number_on() {
    if (wish_.dry_run || !wish_.inserts) return;
    std::unique_ptr<Catalog> catalog;
    for (const Pair& pair : pairs_) {
      SyncedTable& table = report_.tables[pair.report];
      if (!pair.numbered_behind && table.repaired.inserted == 0) continue;
      if (pair.next_values.empty()) continue;
      try {
        if (!catalog) catalog = ends_.to.catalog(ends_.target, ends_.target_options);
        for (const Statement& statement : pair.next_values) catalog->execute(statement.sql);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::auth && !ends_table_only(error.kind())) throw;
        table.notes.push_back({"identity.behind",
                               "new rows of the target may be given numbers that"
                               " are taken: " +
                                   error.message()});
      }
    }
  }

  RetryPolicy retry_policy() const {
    return {.times = request_.retries, .pause = std::chrono::milliseconds(500)};
  }

  void tell(const Pair& pair, const Difference& difference) {
    SyncedTable& table = report_.tables[pair.report];
    if (table.first.size() < wish_.most) {
      table.first.push_back(difference);
      table.first.back().source.clear();
      table.first.back().target.clear();
    }
    take_(table, difference);
  }

  // False when it broke off with some changes made: then all of the tables have to be compared.
  bool mend(const std::vector<std::size_t>& todo, const std::vector<Compared>& compared,
            ChangeLog& changes) {
    std::vector<RepairTable> tables;
    for (const std::size_t i : todo) tables.push_back(pairs_[i].repair);
    ChangeLog wanted(todo.size());
    keep_wanted(todo, compared, changes, wanted);
    if (!wanted.any()) return true;
    hold_.keep();
    progress_.phase("repairing");
    const RepairSettings settings{.retry = retry_policy(),
                                  .stop = request_.stop,
                                  .adopts = wish_.updates && wish_.removes,
                                  .throttle = surroundings_.throttle};
    std::vector<Repaired> repaired;
    bool done = true;
    try {
      repair(
          tables, wanted,
          [this] {
            hold_.keep();
            return ends_.to.mender(ends_.target, ends_.target_options);
          },
          settings, progress_, repaired);
    } catch (const Error& error) {
      const bool again =
          error.kind() == ErrorKind::transient || error.kind() == ErrorKind::ambiguous;
      add_repaired(todo, repaired);
      if (request_.stop.stop_requested()) throw interrupted();
      if (!again) throw;
      progress_.note(error.line() + "; comparing both sides anew");
      done = false;
    }
    if (done) add_repaired(todo, repaired);
    return done;
  }

  void keep_wanted(const std::vector<std::size_t>& todo, const std::vector<Compared>& compared,
                   ChangeLog& changes, ChangeLog& wanted) {
    for (std::size_t i = 0; i < todo.size(); ++i) {
      const Pair& pair = pairs_[todo[i]];
      // Its columns are not yet what they are to be.
      const bool early = wish_.script && !pair.compared_only.empty() &&
                         !report_.tables[pair.report].altered.empty();
      if (early || !changed(changes, i) || is_put_aside(todo[i]) ||
          !may_mend(todo[i], compared[i], changes, i)) {
        continue;
      }
      copy_changes(changes, i, compared[i].unreadable == 0, wanted);
      if (compared[i].unreadable > 0 && changes.count(i, Change::remove) > 0) {
        name_kept_rows(report_.tables[pair.report]);
      }
    }
  }

  // Rows that only the target has may be those that the source cannot give out.
  static void name_kept_rows(SyncedTable& table) {
    const Loss note{"row.unsure",
                    "rows that seem to be at the target only are not deleted: rows of the source"
                    " cannot be read, and these may be theirs"};
    if (std::find(table.notes.begin(), table.notes.end(), note) == table.notes.end()) {
      table.notes.push_back(note);
    }
  }

  static void copy_changes(ChangeLog& from, std::size_t table, bool removes, ChangeLog& to) {
    for (const Change change : {Change::insert, Change::update, Change::remove}) {
      if (change == Change::remove && !removes) continue;
      from.each(table, change, [&](const std::vector<int>& columns, std::string_view row) {
        to.add(table, change, columns, row);
      });
    }
  }

  // A table that was not compared to its end, or that has columns which take no value of the
  // source's, stays as it is.
  bool may_mend(std::size_t index, const Compared& compared, ChangeLog& changes,
                std::size_t place) {
    const Pair& pair = pairs_[index];
    SyncedTable& table = report_.tables[pair.report];
    if (!table.errors.empty() || !compared.ended) return false;
    if (const std::optional<Error> danger = find_danger(pair, changes, place)) {
      table.errors.push_back(*danger);
      return false;
    }
    if (pair.compared_only.empty()) return true;
    table.errors.push_back(
        Error(ErrorKind::schema, "column.misfit",
              "rows differ, and the target's column " + pair.compared_only.front() +
                  " does not take the source's values")
            .at("table " + to_string(table.target))
            .hint("change the type of the column there, or leave it out with --columns"));
    return false;
  }

  void add_repaired(const std::vector<std::size_t>& todo, const std::vector<Repaired>& repaired) {
    for (std::size_t i = 0; i < repaired.size(); ++i) {
      Repaired& all = report_.tables[pairs_[todo[i]].report].repaired;
      all.inserted += repaired[i].inserted;
      all.updated += repaired[i].updated;
      all.removed += repaired[i].removed;
      all.seconds += repaired[i].seconds;
      all.refused = repaired[i].refused;
      all.first = repaired[i].first;
      if (repaired[i].error) {
        report_.tables[pairs_[todo[i]].report].errors.push_back(*repaired[i].error);
      }
    }
  }

  const Request& request_;
  const Surroundings& surroundings_;
  Progress& progress_;
  const SyncWish& wish_;
  const SyncDiffers& take_;
  Ends ends_;
  Ages ages_;
  Views views_;
  SyncHold hold_;
  Movement movement_;
  std::set<std::size_t> looked_;  // pairs that have been compared to their end
  int lost_ = 0;                  // views
  Schema schema_;                 // of the target, whole
  std::optional<References> references_;
  std::set<TableName> selected_;  // of the target, whose rows are compared again
  std::vector<Pair> pairs_;
  double round_trip_ = 0;                 // seconds
  std::map<TableName, Altered> altered_;  // by the target's names
  SyncReport report_;
  SyncCopies copies_;
  std::set<std::size_t> to_replace_;  // pairs
};

}  // namespace

SyncReport sync(const Request& request, const Surroundings& surroundings, const SyncWish& wish,
                const SyncDiffers& take) {
  SyncWish own = wish;
  if (own.lite) own.removes = false;
  const Throttling throttling(request, surroundings);
  return SyncRun(request, throttling.surroundings(), own, take).run();
}

}  // namespace rowferry
