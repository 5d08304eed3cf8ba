#include "workflow/copy.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>

#include "flow/load.h"
#include "flow/recorder.h"
#include "flow/rejects.h"
#include "workflow/check.h"
#include "workflow/command.h"
#include "workflow/keys.h"
#include "workflow/planning.h"
#include "workflow/prepare.h"
#include "workflow/table_run.h"
#include "workflow/throttling.h"
#include "workflow/verdict.h"

namespace rowferry {

namespace {

using Clock = std::chrono::steady_clock;
using Stage = Statement::Stage;

// One run of one job, a phase a method.
class CopyRun {
 public:
  CopyRun(const Request& request, const Surroundings& surroundings)
      : request_(request),
        ends_(reach(request, surroundings, true)),
        throttle_(surroundings.throttle),
        journal_(request.dir / ends_.job, ends_.job, "copy", ends_.card().label),
        progress_(surroundings.progress, journal_) {
    report_.job = ends_.job;
    report_.dir = request.dir / ends_.job;
    if (!journal_.put_aside().empty()) {
      progress_.note("the journal could not be read and is put aside as " + journal_.put_aside() +
                     "; the target knows what has landed");
    }
  }

  CopyReport run() {
    const auto began = Clock::now();
    look_ahead();
    if (!report_.blockers.empty()) return report_;
    claim();
    if (!report_.finished_before.empty()) return report_;
    journal_.set_state("running", "");
    try {
      move_rows();
      build_keys();
      finish();
    } catch (const Error& error) {
      end_early(error);
      if (error.kind() != ErrorKind::interrupted) throw;
      report_.interrupted = true;
    }
    collect();
    report_.seconds = std::chrono::duration<double>(Clock::now() - began).count();
    return std::move(report_);
  }

 private:
  // Before anything is touched. A job that has finished has nothing before it.
  void look_ahead() {
    if (journal_.before().state == "finished" && !request_.restart) return;
    progress_.phase("checking");
    Outlook outlook = look_before_copy(request_, ends_);
    std::vector<Finding> found = std::move(outlook.findings);
    const auto warnings = std::count_if(found.begin(), found.end(), [](const Finding& finding) {
      return finding.severity == Severity::warning;
    });
    // A job that is under way goes on with the tables that it can go on with.
    const bool begun = !journal_.rows_before().empty();
    std::erase_if(found, [&](const Finding& finding) {
      return finding.severity != Severity::blocker || (begun && finding.end.empty());
    });
    if (warnings > 0) {
      progress_.note(std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings") +
                     ", which this shows: " + check_command(request_));
    }
    report_.blockers = std::move(found);
    snapshot_ = std::move(outlook.snapshot);
    known_plan_ = std::move(outlook.plan);
    if (report_.blockers.empty()) return;
    journal_.set_state("failed", report_.blockers.front().message);
  }

  // Takes the job's lock and run number at the target, and finds out whether there is work to do.
  void claim() {
    ledger_ = ends_.to.ledger(ends_.target, ends_.target_options);
    const std::string before = journal_.before().state;
    run_ = ledger_->claim(ends_.card());
    const std::vector<Begun> begun = ledger_->begun();
    const bool kept = !begun.empty() && std::all_of(begun.begin(), begun.end(),
                                                    [](const Begun& t) { return t.finished; });
    // A run that died between the last two steps of finish() had finished.
    const bool told = begun.empty() && (before == "finished" || before == "finishing");
    const bool finished = kept || (told && tables_stand());
    own_finished_ = finished;
    report_.resumed = !begun.empty() && !finished;
    if (finished && !request_.restart) {
      report_.finished_before = before.empty() ? "an earlier time" : journal_.before().updated;
      report_.finished_short = journal_.before().message;
      if (!kept) ledger_->finish(false);
      if (before == "finishing") journal_.set_state("finished", report_.finished_short);
      return;
    }
    if (!request_.resume || report_.resumed) return;
    if (begun.empty()) ledger_->finish(false);
    throw Error(ErrorKind::usage, "resume.nothing",
                "there is nothing to resume: no earlier run of"
                " this job has begun a table at this target")
        .at("job " + ends_.job)
        .hint("leave --resume out to begin; another --table, --where or --map is another job");
  }

  // The journal alone is not believed: the tables it says are finished must be there.
  bool tables_stand() {
    const auto& known = journal_.rows_before();
    const auto catalog = ends_.to.catalog(ends_.target, ends_.target_options);
    const Schema there =
        catalog->describe([&](const TableName& name) { return known.count(to_string(name)) > 0; });
    return there.tables.size() == known.size();
  }

  // Loads under one snapshot. When a server goes away, goes on under the same snapshot if that
  // still lives, else under a new one as a resumed run would.
  void move_rows() {
    std::unique_ptr<Snapshot> snapshot = std::move(snapshot_);
    if (snapshot) name_limits(*snapshot);
    for (int attempt = 0;; ++attempt) {
      try {
        if (!snapshot) snapshot = open_snapshot();
        under_snapshot(*snapshot, attempt == 0);
        return;
      } catch (const Error& error) {
        if (request_.stop.stop_requested()) throw interrupted();
        if (error.kind() != ErrorKind::transient || attempt >= request_.retries) throw;
        const bool lost = error.code() == "snapshot.lost";
        progress_.note(error.line() +
                       (lost ? "; going on under a new snapshot, as a resumed run would"
                             : "; asking the target what has landed, and going on"));
        if (lost) snapshot.reset();
        pause_for(std::chrono::seconds(1 << std::min(attempt, 5)), request_.stop);
        reclaim();
      }
    }
  }

  std::unique_ptr<Snapshot> open_snapshot() {
    progress_.phase("opening the snapshot");
    auto snapshot = ends_.from.snapshot(ends_.source, ends_.source_options);
    name_limits(*snapshot);
    return snapshot;
  }

  void name_limits(const Snapshot& snapshot) {
    if (!snapshot.limits().empty()) progress_.note(snapshot.limits());
    if (!snapshot.exact()) inexact_ = snapshot.limits();
  }

  // The target may have been restarted too, and the job's lock lost with it.
  void reclaim() {
    with_retries(
        retry_policy(), request_.stop, [&](std::string_view text) { progress_.note(text); },
        [&](int) {
          ledger_ = ends_.to.ledger(ends_.target, ends_.target_options);
          run_ = ledger_->claim(ends_.card());
        });
  }

  void under_snapshot(Snapshot& snapshot, bool first) {
    make_plan_under(snapshot);
    progress_.phase("preparing the target");
    prepare(snapshot, request_.restart && first);
    progress_.phase("loading");
    load_rows(snapshot);
    for (TableRun& run : tables_) check_count(run);
  }

  void make_plan_under(Snapshot& snapshot) {
    if (known_plan_) {
      plan_ = std::move(*known_plan_);
      known_plan_.reset();
    } else {
      progress_.phase("reading the schema");
      plan_ = plan_under(snapshot);
    }
    const auto pager = snapshot.pager();
    tables_.clear();
    tables_.reserve(plan_.tables.size());
    for (TablePlan& plan : plan_.tables) {
      plan.read.cut = pager->choose(plan.read.table);
      plan.write.position = snapshot.position();
      plan.write.plan = plan_fingerprint(plan);
      TableRun run;
      run.plan = &plan;
      run.report.source = plan.read.table.name;
      run.report.target = plan.write.name;
      run.report.not_carried = plan.not_carried;
      run.report.errors = plan.errors;
      if (request_.data_only) name_misfits(plan);
      tables_.push_back(std::move(run));
    }
  }

  Plan plan_under(Snapshot& snapshot) {
    const auto source = snapshot.catalog();
    const auto target = ends_.to.catalog(ends_.target, ends_.target_options);
    return make_plan(ends_, request_, *source, target.get());
  }

  // Before a row is touched.
  void name_misfits(const TablePlan& plan) {
    for (const Error& error : plan.errors) progress_.note(error.line());
    for (const Loss& loss : plan.not_carried) {
      progress_.note("table " + to_string(plan.write.name) + ": " + loss.text);
    }
  }

  void prepare(Snapshot& snapshot, bool restart) {
    const auto catalog = ends_.to.catalog(ends_.target, ends_.target_options);
    const Preparation todo = decide_all(snapshot, restart, *catalog);
    tell_journal();
    TargetPreparer(ends_, plan_, tables_, *catalog, *ledger_).run(todo, target_catalogs());
    // What has been run needs no room while rows move.
    std::erase_if(plan_.statements, [](const Statement& s) { return s.stage <= Stage::tables; });
    plan_.statements.shrink_to_fit();
  }

  Preparation decide_all(Snapshot& snapshot, bool restart, Catalog& catalog) {
    const auto pager = snapshot.pager();
    Situation situation{.request = request_,
                        .position = snapshot.position(),
                        .pager = *pager,
                        .restart = restart,
                        .own_finished = {}};
    if (own_finished_ && restart) situation.own_finished = journal_.rows_before();
    return decide(tables_, situation, ends_, catalog, *ledger_);
  }

  void tell_journal() {
    for (const TableRun& run : tables_) {
      const bool whole = run.begun && run.gaps.empty();
      journal_.set_table({.source = to_string(run.report.source),
                          .target = to_string(run.report.target),
                          .state = whole ? "done" : "waiting",
                          .rows = run.rows_landed,
                          .bytes = 0,
                          .total = std::max(run.rows_landed, run.plan->read.table.rows),
                          .message = ""});
    }
    journal_.flush(true);
  }

  std::function<std::unique_ptr<Catalog>()> target_catalogs() const {
    return [this] { return ends_.to.catalog(ends_.target, ends_.target_options); };
  }

  RetryPolicy retry_policy() const {
    return {.times = request_.retries, .pause = std::chrono::milliseconds(500)};
  }

  void load_rows(Snapshot& snapshot) {
    std::vector<LoadTable> load_tables;
    std::vector<TableRun*> runs;
    for (TableRun& run : tables_) {
      if (!run.report.errors.empty() || !run.begun) continue;
      keep_rejects(reject_dir(), run.plan->write.name, run.pages_without);
      run.report.left_out = run.left_out;
      name_reject_file(run);
      if (run.gaps.empty()) continue;
      const bool appended = run.rows_before > 0 && run.plan->read.cut.by == Cut::By::physical;
      if (appended) run.plan->read.cut = {};  // one page, so that a resumed run can tell
      load_tables.push_back({.read = run.plan->read,
                             .write = run.plan->write,
                             .gaps = run.gaps,
                             .left_out = run.left_out});
      runs.push_back(&run);
    }
    expect(load_tables);
    const LoadSettings settings{.lanes = std::max(1, std::min(ends_.lanes, snapshot.readers())),
                                .retry = retry_policy(),
                                .stop = request_.stop,
                                .reject_dir = reject_dir(),
                                .max_rejects = request_.max_rejects,
                                .throttle = throttle_};
    lanes_ = settings.lanes;
    const RunCard card{.job = ends_.job, .run = run_};
    std::vector<Loaded> loaded;
    const auto keep = [&] {
      for (std::size_t i = 0; i < loaded.size(); ++i) add_loaded(*runs[i], loaded[i]);
    };
    try {
      load(
          load_tables, snapshot,
          [&] {
            ++writers_;
            return ends_.to.writer(ends_.target, ends_.target_options, card);
          },
          ends_.page_size(request_.page_size), settings, progress_, loaded, [](std::size_t) {});
    } catch (...) {
      keep();
      throw;
    }
    keep();
  }

  void expect(const std::vector<LoadTable>& load_tables) {
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    std::int64_t landed = 0;
    for (const LoadTable& table : load_tables) {
      rows += std::max<std::int64_t>(0, table.read.table.rows);
      bytes += table.read.table.bytes;
    }
    for (const TableRun& run : tables_) landed += run.rows_landed;
    progress_.expect(static_cast<std::int64_t>(load_tables.size()), rows, bytes, landed);
  }

  void add_loaded(TableRun& run, const Loaded& loaded) {
    run.report.rows_moved = loaded.rows;
    run.report.bytes = loaded.bytes;
    run.report.seconds = loaded.seconds;
    run.report.rejects = loaded.rejects;
    run.report.left_out += loaded.left_out;
    name_reject_file(run);
    if (loaded.error) run.report.errors.push_back(*loaded.error);
    if (!loaded.ended && !loaded.error) run.report.state = TableState::unfinished;
  }

  std::filesystem::path reject_dir() const { return report_.dir / "rejects"; }

  void name_reject_file(TableRun& run) const {
    const auto file = rowferry::reject_file(reject_dir(), run.plan->write.name);
    if (std::filesystem::exists(file)) run.report.reject_file = file.string();
  }

  // A table whose load was interrupted, by an earlier run or a lost connection, is done only when
  // it holds what it held before and what the ledgers say landed.
  void check_count(TableRun& run) {
    const bool interrupted_once = run.resumed || writers_ > lanes_;
    if (!interrupted_once || !run.begun || !run.report.errors.empty()) return;
    auto error = misfit(run, ledger_->count(run.plan->write.name), request_);
    if (error) run.report.errors.push_back(std::move(*error));
  }

  void build_keys() {
    progress_.phase("building keys");
    KeyBuilder builder(ends_, request_, plan_, tables_, progress_, reject_dir());
    builder.build(target_catalogs());
    for (TableRun& run : tables_) {
      complete(run);
      progress_.table_finished(run.report);
    }
  }

  bool any_failed() const {
    return std::any_of(tables_.begin(), tables_.end(),
                       [](const TableRun& run) { return !run.report.errors.empty(); });
  }

  // The journal says so before and after the ledger's rows go, so that a run which dies in between
  // is still known to have finished.
  void finish() {
    report_.not_one_point = not_one_point(tables_);
    if (!report_.not_one_point.empty()) name_sync_commands();
    if (report_.not_one_point.empty()) report_.not_one_point = inexact_;
    if (any_failed()) {
      journal_.set_state("failed", first_error());
      return;
    }
    journal_.set_state("finishing", short_of());
    finishing_ = true;
    with_retries(
        retry_policy(), request_.stop, [&](std::string_view text) { progress_.note(text); },
        [&](int attempt) {
          if (attempt > 0) reclaim();
          ledger_->finish(request_.existing == Existing::append);
        });
    journal_.set_state("finished", short_of());
  }

  void name_sync_commands() {
    for (const TableRun& run : tables_) {
      if (run.positions.size() < 2) continue;
      report_.sync_commands.push_back(sync_command(request_, &run.report.source));
    }
    if (!report_.sync_commands.empty()) return;
    report_.sync_commands.push_back(sync_command(request_, nullptr));
  }

  // In words, what the job has not done though it ends well.
  std::string short_of() const {
    std::int64_t rows = 0;
    for (const TableRun& run : tables_) rows += run.report.left_out;
    if (rows == 0) return report_.not_one_point;
    return std::to_string(rows) + (rows == 1 ? " row was" : " rows were") +
           " left out, listed in " + reject_dir().string() +
           (report_.not_one_point.empty() ? "" : "; " + report_.not_one_point);
  }

  std::string first_error() const {
    for (const TableRun& run : tables_) {
      if (!run.report.errors.empty()) return run.report.errors.front().line();
    }
    return "";
  }

  void end_early(const Error& error) {
    const bool stopped = error.kind() == ErrorKind::interrupted;
    for (TableRun& run : tables_) {
      complete(run);
      if (run.report.errors.empty() && !run.gaps.empty()) run.report.state = TableState::unfinished;
    }
    if (finishing_) return;  // the next run asks the target how far that came
    const bool untouched = forget_if_untouched();
    const char* state = stopped ? "interrupted" : "failed";
    journal_.set_state(untouched && own_finished_ ? "finished" : state, error.line());
  }

  // A run that began no table leaves nothing at the target; true when so.
  bool forget_if_untouched() {
    try {
      if (!ledger_->begun().empty()) return false;
      ledger_->finish(false);
    } catch (const Error&) {
      return false;  // the target is out of reach: the next run finds its own row there
    }
    return true;
  }

  void collect() {
    for (TableRun& run : tables_) report_.tables.push_back(std::move(run.report));
    report_.not_carried = plan_.not_carried;
  }

  const Request& request_;
  Ends ends_;
  Throttle* throttle_;
  Journal journal_;
  Recorder progress_;
  std::unique_ptr<Snapshot> snapshot_;  // from looking ahead until rows move
  std::optional<Plan> known_plan_;      // made under it
  std::unique_ptr<Ledger> ledger_;
  std::int64_t run_ = 0;
  bool own_finished_ = false;
  bool finishing_ = false;  // the ledger's rows are going, or gone: the journal has said so
  int lanes_ = 0;
  std::atomic<int> writers_ = 0;  // opened in this run: more than lanes when a connection was lost
  std::string inexact_;           // why the readers of this run may have seen different states
  Plan plan_;
  std::vector<TableRun> tables_;
  CopyReport report_;
};

}  // namespace

CopyReport copy(const Request& request, const Surroundings& surroundings) {
  const Throttling throttling(request, surroundings);
  return CopyRun(request, throttling.surroundings()).run();
}

}  // namespace rowferry
