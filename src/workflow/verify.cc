#include "workflow/verify.h"

#include <algorithm>
#include <chrono>

#include "workflow/ages.h"
#include "workflow/comparison.h"
#include "workflow/last_rows.h"
#include "workflow/live.h"
#include "workflow/planning.h"
#include "workflow/throttling.h"
#include "workflow/verified_pages.h"
#include "workflow/views.h"
#include "workflow/zoom.h"

namespace rowferry {

namespace {

// One run, a phase a method.
class VerifyRun {
 public:
  VerifyRun(const Request& request, const Surroundings& surroundings, const VerifyWish& wish,
            const TableDiffers& take)
      : request_(request),
        progress_(surroundings.progress),
        wish_(wish),
        take_(take),
        ends_(reach(request, surroundings, false)),
        ages_(request.min_age),
        views_(request, ends_, surroundings) {
    if (looks_at_all() && !request.settle) {
      earlier_.emplace(request.dir / ("verify-" + ends_.job + ".lines"), request.restart);
    }
  }

  VerifyReport run() {
    const auto began = std::chrono::steady_clock::now();
    progress_.phase("opening the snapshots");
    views_.open();
    progress_.phase("reading the schema");
    plan();
    progress_.phase("comparing");
    try {
      compare_rows();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::interrupted) throw;
      report_.interrupted = true;
    }
    report_.not_one_point =
        views_.target_limits().empty() ? views_.source_limits() : views_.target_limits();
    for (std::size_t i = 0; i < places_.size(); ++i) conclude(i);
    if (earlier_ && has_ended()) earlier_->remove();
    report_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return std::move(report_);
  }

 private:
  bool looks_at_all() const { return wish_.sample >= 1 && wish_.last == 0; }

  void plan() {
    const auto here = views_.source()->catalog();
    const auto there = views_.target()->catalog();
    const Plan plan = make_plan(ends_, request_, *here, there.get(), Purpose::compare);
    const double trip = round_trip(*here, *there);
    const auto source = views_.source()->pager();
    const auto target = views_.target()->pager();
    for (const TablePlan& table : plan.tables) {
      VerifiedTable verified;
      verified.source = table.read.table.name;
      verified.target = table.write.name;
      verified.notes = table.not_carried;
      verified.errors = table.errors;
      if (!table.errors.empty()) verified.verdict = Verdict::failed;
      report_.tables.push_back(std::move(verified));
      if (!table.errors.empty()) continue;
      ComparedTable compared = make_comparison(table, *ends_.source_dialect, *ends_.target_dialect,
                                               *source, *target, digest_wish(request_, trip));
      compared.finer = finer_pages(request_, compared, trip);
      explain(compared, trip);
      if (!set_ages(table, ends_, ages_, compared, report_.tables.back().errors)) {
        report_.tables.back().verdict = Verdict::failed;
        continue;
      }
      if (narrow(compared, *here, *there) && !leave_out(compared, table)) {
        tables_.push_back(std::move(compared));
        plans_.push_back(plan_of(table));
        places_.push_back(report_.tables.size() - 1);
      }
    }
    ages_.check_used();
    if (earlier_ && earlier_->any()) {
      report_.earlier = earlier_->since();
      progress_.note("going on with the comparison of " + earlier_->since() +
                     "; --restart compares all again");
    }
  }

  void explain(const ComparedTable& compared, double trip) {
    VerifiedTable& table = report_.tables.back();
    table.by = describe(compared);
    table.how = explain_zoom(request_, compared, trip);
    if (wish_.explain) progress_.note(to_string(table.source) + ": " + table.how);
  }

  // Leaves the rows that the user wants looked at; false where they cannot be told.
  bool narrow(ComparedTable& compared, Catalog& here, Catalog& there) {
    if (looks_at_all()) return true;
    std::optional<Gap> gap;
    if (wish_.last > 0) {
      gap = last_rows(compared, wish_.last, here, *ends_.source_dialect, there,
                      *ends_.target_dialect);
      if (gap) compared.source.gaps = {*gap};
    }
    VerifiedTable& table = report_.tables.back();
    if (gap || (wish_.last == 0 && compared.ranges)) {
      table.notes.push_back({"table.sampled", "only a part of the rows was looked at"});
      return true;
    }
    table.verdict = Verdict::not_proven;
    table.notes.push_back({"table.not_sampled",
                           "not looked at: both sides have no order of its key "
                           "in common, so that it can only be compared whole"});
    return false;
  }

  // What is proven by fewer bits is not by more.
  std::string plan_of(const TablePlan& table) const {
    return table.write.plan + (request_.strong ? " strong" : "");
  }

  // Takes pages that an earlier run has found equal out; true when nothing is left of the table.
  bool leave_out(ComparedTable& compared, const TablePlan& plan) {
    if (!earlier_) return false;
    VerifiedTable& table = report_.tables.back();
    const VerifiedPages::Earlier earlier = earlier_->earlier(table.source, plan_of(plan));
    table.earlier_rows = earlier.rows;
    if (!earlier.pages.empty()) compared.source.gaps = gaps_between(earlier.pages, "");
    if (!earlier.whole && !compared.source.gaps.empty()) return false;
    table.compared.source_rows = table.compared.target_rows = earlier.rows;
    table.compared.ended = true;
    const bool lacks = lacks_columns(table);
    table.verdict = lacks ? Verdict::different : Verdict::equal;
    return true;
  }

  void compare_rows() {
    expect(tables_, progress_);
    CompareSettings settings = views_.settings();
    settings.rows = request_.settle || ages_.any();
    settings.sample = wish_.sample;
    settings.equal = [this](std::size_t index, const Page& page, std::int64_t rows) {
      keep(index, page, rows);
    };
    const TakeDifference take = [this](std::size_t index, const Difference& difference) {
      tell(report_.tables[places_[index]], difference);
    };
    views_.compare(tables_, settings, take, compared_);
  }

  void tell(VerifiedTable& table, const Difference& difference) {
    if (table.first.size() < wish_.most) {
      table.first.push_back(difference);
      table.first.back().source.clear();
      table.first.back().target.clear();
    }
    take_(table, difference);
  }

  void keep(std::size_t index, const Page& page, std::int64_t rows) {
    if (!earlier_) return;
    const bool whole = !tables_[index].ranges;
    earlier_->add(report_.tables[places_[index]].source, plans_[index], page, rows, whole);
  }

  bool has_ended() const {
    return std::none_of(report_.tables.begin(), report_.tables.end(), [](const auto& table) {
      return table.verdict == Verdict::failed || table.verdict == Verdict::unfinished;
    });
  }

  static bool lacks_columns(const VerifiedTable& table) {
    return std::any_of(table.notes.begin(), table.notes.end(),
                       [](const Loss& note) { return note.code == "column.missing"; });
  }

  void conclude(std::size_t index) {
    VerifiedTable& table = report_.tables[places_[index]];
    if (index < compared_.size()) table.compared = compared_[index];
    table.compared.source_rows += table.earlier_rows;
    table.compared.target_rows += table.earlier_rows;
    if (table.compared.error) table.errors.push_back(*table.compared.error);
    name_live(table.compared, table.notes);
    if (!table.errors.empty()) {
      table.verdict = Verdict::failed;
    } else if (!table.compared.ended) {
      table.verdict = Verdict::unfinished;
    } else if (lacks_columns(table) || table.compared.differences() > 0) {
      table.verdict = Verdict::different;
    } else {
      const bool proven =
          looks_at_all() && table.compared.left_alone == 0 && report_.not_one_point.empty();
      table.verdict = proven ? Verdict::equal : Verdict::not_proven;
    }
  }

  const Request& request_;
  Progress& progress_;
  const VerifyWish& wish_;
  const TableDiffers& take_;
  Ends ends_;
  Ages ages_;
  Views views_;
  std::vector<ComparedTable> tables_;
  std::vector<std::string> plans_;        // how each of tables_ is compared, as a hash
  std::vector<std::size_t> places_;       // of tables_ in the report
  std::optional<VerifiedPages> earlier_;  // none where not all rows are looked at
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
    case Verdict::not_proven:
      return "not_proven";
    case Verdict::failed:
      return "failed";
    case Verdict::unfinished:
      return "unfinished";
  }
  return "";
}

VerifyReport verify(const Request& request, const Surroundings& surroundings,
                    const VerifyWish& wish, const TableDiffers& take) {
  const Throttling throttling(request, surroundings);
  return VerifyRun(request, throttling.surroundings(), wish, take).run();
}

}  // namespace rowferry
