#include "workflow/sync.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "engine/engines.h"
#include "flow/settle.h"
#include "workflow/ages.h"
#include "workflow/altering.h"
#include "workflow/comparison.h"
#include "workflow/copy.h"
#include "workflow/existing.h"
#include "workflow/lite.h"
#include "workflow/live.h"
#include "workflow/planning.h"
#include "workflow/repairing.h"
#include "workflow/scripting.h"
#include "workflow/synced.h"
#include "workflow/throttling.h"
#include "workflow/zoom.h"

namespace rowferry {

namespace {

constexpr int kRounds = 4;  // in which both sides are compared and repaired
constexpr std::chrono::seconds kWait{1};
constexpr const char* kLost = "snapshot.lost";

using What = Difference::What;

// A table that is there at both ends.
struct Pair {
  std::size_t report = 0;  // its place there
  ComparedTable compared;
  RepairTable repair;
  std::vector<Gap> whole;  // all of the source's rows
  std::vector<std::string> compared_only;
  std::vector<Statement> next_values;
  std::string plan;               // its fingerprint
  std::optional<LiteTable> lite;  // of a quick run
};

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
        ages_(request.min_age) {
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
      rounds();
      keep_marks();
      copy_missing();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::interrupted) throw;
      report_.interrupted = true;
    }
    for (SyncedTable& table : report_.tables) {
      const bool missing = missing_.count(table.source) > 0;
      const bool copied = copied_.count(table.source) > 0;
      conclude(table, wish_, missing ? copied ? Copied::done : Copied::not_yet : Copied::no_need,
               report_.not_one_point.empty());
    }
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return std::move(report_);
  }

 private:
  std::unique_ptr<Snapshot> open(const Engine& engine, const Url& url, EndOptions options) {
    options.readers = 2 * request_.jobs;  // one that reads and one that digests, a lane
    options.allow_inconsistent = request_.allow_inconsistent;
    auto snapshot = engine.snapshot(url, options);
    if (!snapshot->limits().empty()) progress_.note(snapshot->limits());
    return snapshot;
  }

  std::unique_ptr<Snapshot> open_target() {
    return open(ends_.to, ends_.target, ends_.target_options);
  }

  void open_source() {
    source_ = open(ends_.from, ends_.source, ends_.source_options);
    if (ages_.any()) now_ = Ages::clock(*source_);
    if (!source_->exact()) report_.not_one_point = source_->limits();
  }

  // The tables are this run's alone before it looks at them.
  void prepare() {
    Plan plan = plan_anew();
    std::vector<std::string> names;
    for (const TablePlan& table : plan.tables) names.push_back(to_string(table.write.name));
    std::sort(names.begin(), names.end());
    const bool held = wish_.dry_run || take_hold(names);
    if (!wish_.dry_run) source_.reset();  // what another sync has done since would be undone
    if (!held) wait_for_hold(names);
    if (!held || (wish_.lite && !wish_.dry_run)) plan = plan_anew();
    if (!source_) open_source();
    if (wish_.alter) alter(plan);
    look_at(plan);
    refuse_unfinished();
    if (wish_.lite) narrow();
  }

  Plan plan_anew() {
    progress_.phase("opening the snapshot");
    open_source();
    progress_.phase("reading the schema");
    const auto here = source_->catalog();
    const auto there = ends_.to.catalog(ends_.target, ends_.target_options);
    schema_ = there->describe([](const TableName&) { return true; });
    return make_plan(ends_, request_, *here, there.get(),
                     wish_.script ? Purpose::script : Purpose::compare);
  }

  // What has been altered is planned anew. Run again after any end, it goes on with what is left.
  void alter(Plan& plan) {
    progress_.phase("altering columns");
    const auto words = alter_words(ends_.target_dialect->facts());
    const auto here = source_->catalog();
    const Plan made = make_plan(ends_, request_, *here, nullptr);
    const bool folds =
        ends_.source_dialect->rules().folds_case || ends_.target_dialect->rules().folds_case;
    bool any = false;
    for (const Alteration& one :
         alterations(made, plan, schema_, *ends_.target_dialect, *words, folds)) {
      any = run_alteration(one) || any;
    }
    if (!any) return;
    source_.reset();  // what it sees would grow old
    plan = plan_anew();
  }

  // True when something was altered.
  bool run_alteration(const Alteration& one) {
    Altered& altered = altered_[one.table];
    const std::string name = "column " + one.column + ": ";
    if (request_.stop.stop_requested()) throw interrupted();
    if (one.sql.empty()) {
      altered.notes.push_back({"column.not_altered", name + "not altered: " + one.note});
      return false;
    }
    if (!wish_.dry_run) {
      try {
        ends_.to.catalog(ends_.target, ends_.target_options)->execute(one.sql);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::auth && !ends_table_only(error.kind())) throw;
        altered.notes.push_back({"column.not_altered", name + "not altered: " + error.message()});
        return false;
      }
    }
    progress_.note((wish_.dry_run ? "would run: " : "ran: ") + one.sql);
    altered.statements.push_back(one.sql);
    if (!one.note.empty()) altered.notes.push_back({"column.altered", name + one.note});
    return !wish_.dry_run;
  }

  // Two syncs of one table would each undo what the other one does.
  bool take_hold(const std::vector<std::string>& names) {
    hold_ = ends_.to.hold(ends_.target, ends_.target_options, names);
    if (hold_ || wish_.wait) return hold_ != nullptr;
    throw Error(ErrorKind::conflict, "sync.running",
                "another sync into one of these tables is running")
        .at(ends_.target.text())
        .hint("wait for it with --wait, or run this one later");
  }

  void wait_for_hold(const std::vector<std::string>& names) {
    progress_.note("waiting for another sync into one of these tables");
    while (!take_hold(names)) {
      pause_for(kWait, request_.stop);
      if (request_.stop.stop_requested()) throw interrupted();
    }
  }

  void look_at(const Plan& plan) {
    references_.emplace(schema_);
    std::vector<TableName> names;
    for (const TablePlan& table : plan.tables) names.push_back(table.write.name);
    check_modified(wish_, plan);
    target_ = open_target();
    round_trip_ = round_trip(*source_->catalog(), *target_->catalog());
    const auto source = source_->pager();
    const auto target = target_->pager();
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
      missing_.insert(table.read.table.name);
    } else {
      synced.errors = table.errors;
    }
    name_triggers(table, synced);
    if (table.errors.empty()) {
      Pair pair = pair_of(table, source, target);
      if (set_ages(table, ends_, ages_, pair.compared, synced.errors)) {
        pairs_.push_back(std::move(pair));
      }
    }
    report_.tables.push_back(std::move(synced));
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
              .whole = {},
              .compared_only = table.compared_only,
              .next_values = {},
              .plan = plan_fingerprint(table),
              .lite = {}};
    pair.compared = make_comparison(table, *ends_.source_dialect, *ends_.target_dialect, source,
                                    target, request_.strong);
    pair.compared.finer = finer_pages(request_, pair.compared, round_trip_);
    pair.whole = pair.compared.source.gaps;
    pair.repair = make_repair(table, pair.compared, *references_);
    const Table raised = with_next_values(table.target, table.read.table);
    for (Statement& statement : ends_.target_dialect->create(raised)) {
      if (statement.stage != Statement::Stage::next_values) continue;
      pair.next_values.push_back(std::move(statement));
    }
    return pair;
  }

  // Rows that somebody else is loading would seem to be too many. Tables that an earlier sync has
  // begun to copy are gone on with.
  void refuse_unfinished() {
    const auto ledger = ends_.to.ledger(ends_.target, ends_.target_options);
    std::map<std::string, std::set<TableName>> begun;  // by job, by the target's names
    for (const Unfinished& table : ledger->unfinished()) begun[table.job].insert(table.table);
    for (const auto& [job, tables] : begun) {
      std::set<TableName> sources;
      for (const SyncedTable& table : report_.tables) {
        if (tables.count(table.target) > 0) sources.insert(table.source);
      }
      if (!sources.empty() && job_of(ends_, only(sources)) == job) {
        missing_.insert(sources.begin(), sources.end());
        begun_.push_back(std::move(sources));
      } else {
        refuse(tables, job);
      }
    }
    std::erase_if(pairs_, [&](const Pair& pair) {
      const SyncedTable& table = report_.tables[pair.report];
      return !table.errors.empty() || missing_.count(table.source) > 0;
    });
  }

  // A quick run looks at what lies past its marks.
  void narrow() {
    const auto source = source_->catalog();
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

  void refuse(const std::set<TableName>& tables, const std::string& job) {
    for (SyncedTable& table : report_.tables) {
      if (tables.count(table.target) == 0) continue;
      table.errors.push_back(
          Error(ErrorKind::conflict, "copy.unfinished",
                "a copy into this table has not ended: job " + job)
              .at("table " + to_string(table.target))
              .hint("run that copy again until it ends, or forget it: rowferry cleanup " + job +
                    " TARGET"));
    }
  }

  // The request for a copy of these tables of the selection.
  Request only(const std::set<TableName>& sources) const {
    Request request = request_;
    request.selection.only = sources;
    return request;
  }

  // Compares, repairs, and compares what was repaired anew, until nothing differs that could be
  // mended.
  void rounds() {
    std::vector<std::size_t> todo;
    for (std::size_t i = 0; i < pairs_.size(); ++i) todo.push_back(i);
    if (wish_.script) return print(todo);
    for (int round = 0; round < kRounds + lost_ && !todo.empty(); ++round) {
      progress_.phase(round == 0 ? "comparing" : "comparing what was repaired");
      ChangeLog changes(todo.size());
      const std::vector<Compared> compared = compare_all(todo, changes);
      std::vector<std::size_t> next = unfinished(todo, compared);
      if (wish_.dry_run || round + 1 == kRounds + lost_) {
        todo = std::move(next);
        continue;
      }
      const bool whole = !mend(todo, compared, changes);
      for (std::size_t i = 0; i < todo.size(); ++i) {
        const bool failed = !report_.tables[pairs_[todo[i]].report].errors.empty();
        if (failed || !compared[i].ended || !changed(changes, i)) continue;
        again(todo[i], compared[i], whole);
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

  // Only the pages that differed need to be looked at again, if all that was done was done there.
  void again(std::size_t pair, const Compared& compared, bool whole) {
    ComparedTable& table = pairs_[pair].compared;
    table.source.gaps = pairs_[pair].whole;
    if (whole || !table.ranges || compared.pages.empty()) return;
    table.source.gaps.clear();
    for (const Page& page : compared.pages) {
      table.source.gaps.push_back({.part = page.part, .lower = page.lower, .upper = page.upper});
    }
  }

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
    if (!source_) open_source();
    if (!target_) target_ = open_target();
    movement_.next();
    std::vector<ComparedTable> tables;
    tables.reserve(todo.size());
    for (const std::size_t i : todo) tables.push_back(pairs_[i].compared);
    expect(tables);
    const CompareSettings settings{
        .lanes = std::max(1, std::min({request_.jobs, source_->readers(), target_->readers()})),
        .retry = retry_policy(),
        .stop = request_.stop,
        .page = first_pages(request_),
        .rows = true,
        .throttle = surroundings_.throttle};
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
      log(changes, index, pair, difference);
    };
    try {
      look_at_all(tables, settings, take, compared);
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
    target_.reset();                       // a file takes no changes while somebody reads it
    if (request_.settle) source_.reset();  // each round has a view of its own
    return compared;
  }

  void look_at_all(const std::vector<ComparedTable>& tables, const CompareSettings& settings,
                   const TakeDifference& take, std::vector<Compared>& compared) {
    const Look look = [&](const std::vector<ComparedTable>& these, const TakeDifference& of_these,
                          std::vector<Compared>& found) {
      CompareSettings now = settings;
      now.now = now_;
      compare(these, *source_, *target_, now, progress_, of_these, found);
    };
    if (!request_.settle) return look(tables, take, compared);
    const auto renew = [this] {
      source_.reset();
      target_.reset();
      wait_to_settle(request_, progress_);
      open_source();
      target_ = open_target();
    };
    compare_settled(tables, look, renew, take, compared);
  }

  // A view is gone with its server or session. Nothing binds the tables to one moment but that:
  // those that have been compared are repaired, the others are looked at under a new view.
  void go_on_without(const Error& error, const std::vector<std::size_t>& todo,
                     const std::vector<Compared>& compared) {
    ++lost_;
    progress_.note(error.line() +
                   "; going on under a new one: tables are repaired to states of the source "
                   "that are not all of one moment");
    source_.reset();
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
            ends_, *pair.lite, pair.compared, *source_, *target_, settings,
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
      if (wish_.inserts && pair.lite->has_new_keys()) raise_next_values(pair);
      marks.push_back(pair.lite->marks(table.target));
    }
    if (marks.empty()) return;
    if (source_ && !source_->exact()) {
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

  void raise_next_values(const Pair& pair) {
    const auto catalog = ends_.to.catalog(ends_.target, ends_.target_options);
    for (const Statement& statement : pair.next_values) catalog->execute(statement.sql);
  }

  RetryPolicy retry_policy() const {
    return {.times = request_.retries, .pause = std::chrono::milliseconds(500)};
  }

  void expect(const std::vector<ComparedTable>& tables) {
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    for (const ComparedTable& table : tables) {
      rows += std::max<std::int64_t>(0, table.source.read.table.rows);
      bytes += table.source.read.table.bytes + table.target.read.table.bytes;
    }
    progress_.expect(static_cast<std::int64_t>(tables.size()), rows, bytes, 0);
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

  void log(ChangeLog& changes, std::size_t place, const Pair& pair, const Difference& difference) {
    const bool keyed = !pair.repair.mended.key.empty();
    switch (difference.what) {
      case What::only_source:
        if (wish_.inserts) changes.add(place, Change::insert, {}, difference.source);
        return;
      case What::only_target:
        if (wish_.removes) changes.add(place, Change::remove, {}, difference.target);
        return;
      case What::changed:
        if (!wish_.updates || !any_written(pair, difference)) return;
        if (keyed) return changes.add(place, Change::update, difference.places, difference.source);
        changes.add(place, Change::remove, {}, difference.target);
        changes.add(place, Change::insert, {}, difference.source);
        return;
      case What::unreadable:
        return;
    }
  }

  static bool any_written(const Pair& pair, const Difference& difference) {
    return std::any_of(difference.places.begin(), difference.places.end(), [&](int place) {
      return pair.repair.mended.written[static_cast<std::size_t>(place)];
    });
  }

  // False when it broke off with some changes made: then all of the tables have to be compared.
  bool mend(const std::vector<std::size_t>& todo, const std::vector<Compared>& compared,
            ChangeLog& changes) {
    std::vector<RepairTable> tables;
    for (const std::size_t i : todo) tables.push_back(pairs_[i].repair);
    ChangeLog wanted(todo.size());
    keep_wanted(todo, compared, changes, wanted);
    if (!wanted.any()) return true;
    progress_.phase("repairing");
    const RepairSettings settings{.retry = retry_policy(),
                                  .stop = request_.stop,
                                  .adopts = wish_.updates && wish_.removes,
                                  .throttle = surroundings_.throttle};
    std::vector<Repaired> repaired;
    bool done = true;
    try {
      repair(
          tables, wanted, [this] { return ends_.to.mender(ends_.target, ends_.target_options); },
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
    raise_next_values(todo, repaired);
    return done;
  }

  void keep_wanted(const std::vector<std::size_t>& todo, const std::vector<Compared>& compared,
                   ChangeLog& changes, ChangeLog& wanted) {
    for (std::size_t i = 0; i < todo.size(); ++i) {
      const Pair& pair = pairs_[todo[i]];
      // Its columns are not yet what they are to be.
      const bool early = wish_.script && !pair.compared_only.empty() &&
                         !report_.tables[pair.report].altered.empty();
      if (early || !changed(changes, i) || !may_mend(todo[i], compared[i])) continue;
      copy_changes(changes, i, wanted);
    }
  }

  static void copy_changes(ChangeLog& from, std::size_t table, ChangeLog& to) {
    for (const Change change : {Change::insert, Change::update, Change::remove}) {
      from.each(table, change, [&](const std::vector<int>& columns, std::string_view row) {
        to.add(table, change, columns, row);
      });
    }
  }

  // A table that was not compared to its end, or that has columns which take no value of the
  // source's, stays as it is.
  bool may_mend(std::size_t index, const Compared& compared) {
    const Pair& pair = pairs_[index];
    SyncedTable& table = report_.tables[pair.report];
    if (!table.errors.empty() || !compared.ended) return false;
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

  // What numbers itself goes on behind the rows that have come.
  void raise_next_values(const std::vector<std::size_t>& todo,
                         const std::vector<Repaired>& repaired) {
    std::unique_ptr<Catalog> catalog;
    for (std::size_t i = 0; i < repaired.size(); ++i) {
      if (repaired[i].inserted == 0) continue;
      for (const Statement& statement : pairs_[todo[i]].next_values) {
        if (!catalog) catalog = ends_.to.catalog(ends_.target, ends_.target_options);
        catalog->execute(statement.sql);
      }
    }
  }

  // What kept the copy from beginning.
  void name_blockers(const CopyReport& made, const std::set<TableName>& tables) {
    for (const Finding& finding : made.blockers) {
      for (SyncedTable& table : report_.tables) {
        if (tables.count(table.source) == 0) continue;
        table.errors.push_back(Error(ErrorKind::schema, finding.code, finding.message)
                                   .at(finding.where)
                                   .hint(finding.hint));
      }
    }
  }

  // Tables that the target lacks are copied as `copy` does it, as a job of their own.
  void copy_missing() {
    if (missing_.empty() || wish_.dry_run || !wish_.inserts) return;
    source_.reset();
    std::set<TableName> rest = missing_;
    for (const std::set<TableName>& tables : begun_) {
      for (const TableName& table : tables) rest.erase(table);
    }
    if (!rest.empty()) begun_.push_back(std::move(rest));
    for (const std::set<TableName>& tables : begun_) {
      if (!report_.interrupted) copy_tables(tables);
    }
  }

  void copy_tables(const std::set<TableName>& tables) {
    const CopyReport made = copy(only(tables), surroundings_);
    name_blockers(made, tables);
    std::map<TableName, const TableReport*> reports;
    for (const TableReport& table : made.tables) reports.emplace(table.source, &table);
    for (SyncedTable& table : report_.tables) {
      const auto found = reports.find(table.source);
      if (found == reports.end()) continue;
      table.errors = found->second->errors;
      table.repaired.inserted = found->second->rows_moved;
      table.by = "copied";
      const TableState state = found->second->state;
      if (state == TableState::done || state == TableState::earlier) copied_.insert(table.source);
    }
    report_.interrupted = made.interrupted;
  }

  const Request& request_;
  const Surroundings& surroundings_;
  Progress& progress_;
  const SyncWish& wish_;
  const SyncDiffers& take_;
  Ends ends_;
  Ages ages_;
  std::optional<std::int64_t> now_;  // at the source, where somebody wants to know
  Movement movement_;
  std::set<std::size_t> looked_;  // pairs that have been compared to their end
  int lost_ = 0;                  // views
  std::unique_ptr<Snapshot> source_;
  std::unique_ptr<Snapshot> target_;
  std::unique_ptr<Hold> hold_;
  Schema schema_;  // of the target, whole
  std::optional<References> references_;
  std::vector<Pair> pairs_;
  struct Altered {
    std::vector<std::string> statements;
    std::vector<Loss> notes;
  };
  double round_trip_ = 0;                   // seconds
  std::map<TableName, Altered> altered_;    // by the target's names
  std::set<TableName> missing_;             // at the target, by the source's names
  std::vector<std::set<TableName>> begun_;  // of these, what jobs of earlier syncs have begun
  std::set<TableName> copied_;
  SyncReport report_;
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
