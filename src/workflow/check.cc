#include "workflow/check.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <set>

#include "workflow/planning.h"
#include "workflow/probe.h"
#include "workflow/schema_findings.h"
#include "workflow/selection.h"
#include "workflow/table_run.h"

namespace rowferry {

namespace {

using Clock = std::chrono::steady_clock;

// Errors that are no findings: what was asked for makes no sense, or is asked for no more.
bool ends_check(const Error& error) {
  return error.kind() == ErrorKind::usage || error.kind() == ErrorKind::interrupted;
}

// One check, a phase a method; each adds what it finds.
class Checker {
 public:
  Checker(const Request& request, Ends& ends, const Surroundings* surroundings)
      : request_(request), ends_(ends), surroundings_(surroundings) {}

  // Both ends are tried, whatever becomes of the first.
  void reach_ends() {
    phase("connecting");
    std::optional<ServerFacts> from;
    std::optional<ServerFacts> to;
    attempt("source", [&] { from = reach_source(ends_); });
    attempt("target", [&] { to = reach_target(ends_, true); });
    source_reached_ = from.has_value();
    target_reached_ = to.has_value();
    if (from && to) introduce(ends_, request_, *from, *to);
    if (from) report.source_product = from->product;
    if (to) report.target_product = to->product;
  }

  void assume_reached() { source_reached_ = target_reached_ = true; }

  // Opens what a copy would read from.
  void open_snapshot() {
    if (!source_reached_) return;
    phase("opening the snapshot");
    attempt("source", [&] { snapshot_ = ends_.from.snapshot(ends_.source, ends_.source_options); });
  }

  void plan() {
    if (!snapshot_) return;
    phase("reading the schema");
    attempt("source", [&] {
      const auto source = snapshot_->catalog();
      if (!ends_.target_dialect) {
        read_alone(*source);
        return;
      }
      std::unique_ptr<Catalog> target;
      attempt("target", [&] { target = target_if_there(ends_); });
      plan_ = make_plan(ends_, request_, *source, target.get());
      planned_ = true;
      if (target && !before_copy()) look_for_rows(*target);
    });
    if (!planned_) return;
    report.tables = static_cast<std::int64_t>(plan_.tables.size());
    for (Finding& finding : schema_findings(ends_, plan_)) add("", std::move(finding));
  }

  // A question that a server does not answer stands in nobody's way.
  void inspect_ends() {
    phase("asking the servers");
    const auto ask = [&](const char* end, const Engine& engine, const Url& url,
                         const EndOptions& options, const Inspection& about) {
      if (!engine.inspect) return;
      attempt(
          end, [&] { add_all(end, engine.inspect(url, options, about)); }, Severity::warning);
    };
    if (source_reached_) ask("source", ends_.from, ends_.source, ends_.source_options, at_source());
    if (target_reached_) ask("target", ends_.to, ends_.target, ends_.target_options, at_target());
    name_limits();
  }

  void probe() {
    if (!planned_) return;
    report.probed = true;
    attempt("source", [&] {
      TableProbe(request_, ends_, *snapshot_, surroundings_->progress).run(plan_, report);
    });
  }

  // Notes that rows of the target are in the way; a job that this machine knows may have put them
  // there.
  void name_rows_in_the_way() {
    if (request_.existing != Existing::refuse ||
        std::filesystem::exists(request_.dir / ends_.job)) {
      return;
    }
    for (const TablePlan& table : plan_.tables) {
      if (!table.has_rows) continue;
      add("target", {.severity = Severity::blocker,
                     .code = "target.not_empty",
                     .where = "table " + to_string(table.write.name),
                     .message = "the table holds rows already",
                     .hint = "--existing append, truncate or drop says what to do with them"});
    }
  }

  void sort() {
    std::stable_sort(report.findings.begin(), report.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  }

  // What is left to a copy; nothing may be asked of the checker after.
  Outlook outlook() {
    Outlook outlook{.findings = std::move(report.findings),
                    .snapshot = std::move(snapshot_),
                    .plan = std::nullopt};
    if (planned_ && outlook.snapshot) outlook.plan = std::move(plan_);
    return outlook;
  }

  CheckReport report;

 private:
  bool before_copy() const { return surroundings_ == nullptr; }

  void phase(std::string_view name) {
    if (!before_copy()) surroundings_->progress.phase(name);
  }

  void add(const std::string& end, Finding finding) {
    finding.end = end;
    report.findings.push_back(std::move(finding));
  }

  void add_all(const std::string& end, std::vector<Finding> findings) {
    for (Finding& finding : findings) add(end, std::move(finding));
  }

  template <typename Work>
  void attempt(const char* end, const Work& work, Severity severity = Severity::blocker) {
    try {
      work();
    } catch (const Error& error) {
      if (ends_check(error)) throw;
      // The run itself meets it again, and tries again.
      const bool passes = error.kind() == ErrorKind::transient;
      if (before_copy() && passes) return;
      add(end, finding_of(error, severity));
    }
  }

  // Without a target there is no plan, but the source's tables can be asked for all the same.
  void read_alone(Catalog& source) {
    const Selector selector(request_.selection);
    const Schema schema =
        source.describe([&](const TableName& name) { return selector.takes(name); });
    for (const Table& table : schema.tables) add_read(table);
    report.tables = static_cast<std::int64_t>(schema.tables.size());
  }

  void add_read(const Table& table) {
    read_.push_back(table.name);
    for (const Part& part : table.parts) read_.push_back(part.name);
  }

  void look_for_rows(Catalog& target) {
    for (TablePlan& table : plan_.tables) {
      if (!table.exists) continue;
      attempt("target",
              [&] { table.has_rows = !is_empty(target, *ends_.target_dialect, table.write.name); });
    }
  }

  Inspection at_source() {
    for (const TablePlan& table : plan_.tables) add_read(table.read.table);
    Inspection about;
    about.tables = read_;
    return about;
  }

  Inspection at_target() const {
    Inspection about{.target = true, .tables = {}, .schemas = {}};
    std::set<std::string> schemas;
    for (const TablePlan& table : plan_.tables) {
      schemas.insert(table.write.name.schema);
      about.bytes += table.read.table.bytes;
      if (table.exists) about.tables.push_back(table.write.name);
      about.foreign_keys = about.foreign_keys || !table.target.foreign_keys.empty();
    }
    schemas.erase("");
    about.schemas.assign(schemas.begin(), schemas.end());
    about.creates = !request_.data_only;
    about.drops = request_.existing == Existing::drop;
    about.empties = request_.existing == Existing::truncate;
    return about;
  }

  // Once: a privilege that is missing for it has been named with what it costs.
  void name_limits() {
    if (!snapshot_ || snapshot_->limits().empty()) return;
    const bool named =
        std::any_of(report.findings.begin(), report.findings.end(), [](const Finding& finding) {
          return finding.end == "source" && finding.code == "privilege.wanted";
        });
    if (named) return;
    add("source", {.severity = Severity::warning,
                   .code = "snapshot.limits",
                   .message = snapshot_->limits(),
                   .hint = "see docs/snapshot.md for what a source needs"});
  }

  const Request& request_;
  Ends& ends_;
  const Surroundings* surroundings_;  // null before a copy: nobody is told
  bool source_reached_ = false;
  bool target_reached_ = false;
  bool planned_ = false;
  std::unique_ptr<Snapshot> snapshot_;
  std::vector<TableName> read_;
  Plan plan_;
};

}  // namespace

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::blocker:
      return "blocker";
  }
  return "";
}

std::int64_t CheckReport::count(Severity severity) const {
  return std::count_if(findings.begin(), findings.end(),
                       [&](const Finding& finding) { return finding.severity == severity; });
}

Finding finding_of(const Error& error, Severity severity) {
  Finding finding{.severity = severity,
                  .code = error.code(),
                  .where = error.where(),
                  .message = error.message(),
                  .hint = error.hint()};
  if (!error.native().empty()) finding.message += " (" + error.native() + ")";
  if (finding.hint.empty()) finding.hint = "see " + error.code() + " in docs/errors.md";
  return finding;
}

CheckReport check(const Request& request, const Surroundings& surroundings, bool probe) {
  const auto began = Clock::now();
  Ends ends = name_ends(request, surroundings);
  Checker checker(request, ends, &surroundings);
  checker.reach_ends();
  checker.open_snapshot();
  checker.plan();
  checker.inspect_ends();
  checker.name_rows_in_the_way();
  if (probe) checker.probe();
  checker.sort();
  CheckReport report = std::move(checker.report);
  report.source = ends.source.text();
  report.target = ends.target.text();
  report.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  return report;
}

Outlook look_before_copy(const Request& request, Ends& ends) {
  Checker checker(request, ends, nullptr);
  checker.assume_reached();
  checker.open_snapshot();
  checker.plan();
  checker.inspect_ends();
  checker.sort();
  std::erase_if(checker.report.findings,
                [](const Finding& finding) { return finding.severity == Severity::note; });
  return checker.outlook();
}

}  // namespace rowferry
