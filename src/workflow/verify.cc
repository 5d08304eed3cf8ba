#include "workflow/verify.h"

#include <algorithm>
#include <chrono>

#include "workflow/comparison.h"
#include "workflow/planning.h"

namespace rowferry {

namespace {

// Pages that are compared row by row where they differ, so many at a time as there are lanes.
constexpr std::int64_t kPage = 2 << 20;

// One run, a phase a method.
class VerifyRun {
 public:
  VerifyRun(const Request& request, const Surroundings& surroundings, std::size_t most,
            const TableDiffers& take)
      : request_(request),
        progress_(surroundings.progress),
        most_(most),
        take_(take),
        ends_(reach(request, surroundings, false)) {}

  VerifyReport run() {
    const auto began = std::chrono::steady_clock::now();
    progress_.phase("opening the snapshots");
    source_ = ends_.from.snapshot(ends_.source, reading(ends_.source_options));
    target_ = ends_.to.snapshot(ends_.target, reading(ends_.target_options));
    for (const Snapshot* side : {source_.get(), target_.get()}) {
      if (!side->limits().empty()) progress_.note(side->limits());
      if (!side->exact()) report_.not_one_point = side->limits();
    }
    progress_.phase("reading the schema");
    plan();
    progress_.phase("comparing");
    try {
      compare_rows();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::interrupted) throw;
      report_.interrupted = true;
    }
    for (std::size_t i = 0; i < places_.size(); ++i) conclude(i);
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return std::move(report_);
  }

 private:
  // Nobody writes here, so that the target has as many readers as are asked for.
  EndOptions reading(EndOptions options) const {
    options.readers = request_.jobs;
    options.allow_inconsistent = request_.allow_inconsistent;
    return options;
  }

  void plan() {
    const auto here = source_->catalog();
    const auto there = target_->catalog();
    const Plan plan = make_plan(ends_, request_, *here, there.get(), Purpose::compare);
    const auto source = source_->pager();
    const auto target = target_->pager();
    for (const TablePlan& table : plan.tables) {
      VerifiedTable verified;
      verified.source = table.read.table.name;
      verified.target = table.write.name;
      verified.notes = table.not_carried;
      verified.errors = table.errors;
      if (!table.errors.empty()) verified.verdict = Verdict::failed;
      if (table.errors.empty()) {
        tables_.push_back(
            make_comparison(table, *ends_.source_dialect, *ends_.target_dialect, *source, *target));
        verified.by = describe(tables_.back());
        places_.push_back(report_.tables.size());
      }
      report_.tables.push_back(std::move(verified));
    }
  }

  void compare_rows() {
    expect();
    const CompareSettings settings{
        .lanes = std::max(1, std::min({request_.jobs, source_->readers(), target_->readers()})),
        .retry = {.times = request_.retries, .pause = std::chrono::milliseconds(500)},
        .stop = request_.stop,
        .page = {.bytes = std::min(kPage, request_.page_size.bytes),
                 .rows = request_.page_size.rows}};
    compare(
        tables_, *source_, *target_, settings, progress_,
        [this](std::size_t index, const Difference& difference) {
          VerifiedTable& table = report_.tables[places_[index]];
          if (table.first.size() < most_) table.first.push_back(difference);
          take_(table, difference);
        },
        compared_);
  }

  void expect() {
    std::int64_t rows = 0;
    std::int64_t bytes = 0;
    for (const ComparedTable& table : tables_) {
      rows += std::max<std::int64_t>(0, table.source.read.table.rows);
      bytes += table.source.read.table.bytes + table.target.read.table.bytes;
    }
    progress_.expect(static_cast<std::int64_t>(tables_.size()), rows, bytes, 0);
  }

  void conclude(std::size_t index) {
    VerifiedTable& table = report_.tables[places_[index]];
    if (index < compared_.size()) table.compared = compared_[index];
    if (table.compared.error) table.errors.push_back(*table.compared.error);
    const bool lacks = std::any_of(table.notes.begin(), table.notes.end(),
                                   [](const Loss& note) { return note.code == "column.missing"; });
    const bool differs = lacks || table.compared.differences() > 0;
    if (!table.errors.empty()) {
      table.verdict = Verdict::failed;
    } else if (!table.compared.ended) {
      table.verdict = Verdict::unfinished;
    } else {
      table.verdict = differs ? Verdict::different : Verdict::equal;
    }
  }

  const Request& request_;
  Progress& progress_;
  const std::size_t most_;
  const TableDiffers& take_;
  Ends ends_;
  std::unique_ptr<Snapshot> source_;
  std::unique_ptr<Snapshot> target_;
  std::vector<ComparedTable> tables_;
  std::vector<std::size_t> places_;  // of tables_ in the report
  std::vector<Compared> compared_;
  VerifyReport report_;
};

}  // namespace

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::equal:
      return "equal";
    case Verdict::different:
      return "different";
    case Verdict::failed:
      return "failed";
    case Verdict::unfinished:
      return "unfinished";
  }
  return "";
}

VerifyReport verify(const Request& request, const Surroundings& surroundings, std::size_t most,
                    const TableDiffers& take) {
  return VerifyRun(request, surroundings, most, take).run();
}

}  // namespace rowferry
