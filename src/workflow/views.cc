#include "workflow/views.h"

#include <algorithm>
#include <chrono>

#include "flow/settle.h"
#include "workflow/ages.h"
#include "workflow/live.h"
#include "workflow/zoom.h"

namespace rowferry {

std::unique_ptr<Snapshot> Views::opened(const Engine& engine, const Url& url, EndOptions options) {
  options.readers = 2 * request_.jobs;  // one that reads and one that digests, a lane
  options.allow_inconsistent = request_.allow_inconsistent;
  auto snapshot = engine.snapshot(url, options);
  const std::string limits = snapshot->limits();
  if (!limits.empty() && noted_.insert(limits).second) surroundings_.progress.note(limits);
  return snapshot;
}

void Views::open_source() {
  source_.reset();
  source_ = opened(ends_.from, ends_.source, ends_.source_options);
  if (!request_.min_age.empty()) now_ = Ages::clock(*source_);
  if (!source_->exact()) source_limits_ = source_->limits();
}

void Views::open_target() {
  target_.reset();
  target_ = opened(ends_.to, ends_.target, ends_.target_options);
  if (!target_->exact()) target_limits_ = target_->limits();
}

void Views::open() {
  if (!source_) open_source();
  if (!target_) open_target();
}

void Views::close() {
  source_.reset();
  target_.reset();
}

void Views::renew() {
  close();
  wait_to_settle(request_, surroundings_.progress);
  open();
}

CompareSettings Views::settings() const {
  return {.lanes = std::max(1, std::min({request_.jobs, source_->readers(), target_->readers()})),
          .retry = {.times = request_.retries, .pause = std::chrono::milliseconds(500)},
          .stop = request_.stop,
          .page = first_pages(request_),
          .throttle = surroundings_.throttle};
}

void Views::compare(const std::vector<ComparedTable>& tables, const CompareSettings& settings,
                    const TakeDifference& take, std::vector<Compared>& compared) {
  const Look look = [&](const std::vector<ComparedTable>& these, const TakeDifference& of_these,
                        std::vector<Compared>& found) {
    CompareSettings now = settings;
    now.now = now_;
    rowferry::compare(these, *source_, *target_, now, surroundings_.progress, of_these, found);
  };
  if (!request_.settle) return look(tables, take, compared);
  compare_settled(
      tables, look, [this] { renew(); }, take, compared);
}

void expect(const std::vector<ComparedTable>& tables, Progress& progress) {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  for (const ComparedTable& table : tables) {
    rows += std::max<std::int64_t>(0, table.source.read.table.rows);
    bytes += table.source.read.table.bytes + table.target.read.table.bytes;
  }
  progress.expect(static_cast<std::int64_t>(tables.size()), rows, bytes, 0);
}

}  // namespace rowferry
