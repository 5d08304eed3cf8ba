#include "flow/throttle.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "flow/retry.h"

namespace rowferry {

namespace {

constexpr std::chrono::milliseconds kLook{500};  // while waiting: an answer may have grown too old
constexpr std::chrono::seconds kQuiet{10};       // at least between lines about waiting

}  // namespace

Throttle::Throttle(const Limits& limits, std::vector<GaugedEnd> ends, Progress& progress,
                   const std::stop_token& stop)
    : progress_(progress) {
  forward_.emplace(stop, [this] { stop_.request_stop(); });
  for (GaugedEnd& end : ends) {
    watches_.emplace_back(
        std::move(end), limits,
        EndWatch::Hearers{.note = [this](std::string_view text) { progress_.note(text); },
                          .changed = [this] { changed_.notify_all(); }},
        stop_.get_token());
  }
  check_told(limits);
  if (limits.rate) pace_.emplace(*limits.rate, Clock::now());
  for (EndWatch& watch : watches_) watch.start();
}

Throttle::~Throttle() {
  stop_.request_stop();
}

void Throttle::check_told(const Limits& limits) {
  if (limits.lag) {
    check_told(Error(ErrorKind::unsupported, "throttle.lag",
                     "--max-lag: neither end has a replica whose lag can be known")
                   .hint("leave --max-lag out, or see docs/throttle.md for what each server tells"),
               &EndWatch::told_lag);
  }
  if (limits.load) {
    check_told(
        Error(ErrorKind::unsupported, "throttle.load",
              "--max-load: neither end tells how many sessions are at work")
            .hint("leave --max-load out, or see docs/throttle.md for what each server tells"),
        &EndWatch::told_load);
  }
}

// Throws `none` where no end has told the figure; else names those that could tell it, and may not.
void Throttle::check_told(const Error& none, const EndWatch::Told& (EndWatch::*told)() const) {
  std::string reasons;
  bool any = false;
  for (const EndWatch& watch : watches_) {
    any = any || (watch.*told)().told;
    const std::string& why_not = (watch.*told)().why_not;
    if (!why_not.empty()) reasons += "; the " + watch.end().name + ": " + why_not;
  }
  if (!any) {
    throw Error(Error(none.kind(), none.code(), none.message() + reasons).hint(none.hint()));
  }
  if (!reasons.empty()) progress_.note("a limit is kept at one end only" + reasons);
}

void Throttle::pass(std::int64_t bytes, const std::stop_token& stop) {
  if (pace_ && bytes > 0) keep_pace(bytes, stop);
  const bool wait = std::any_of(watches_.begin(), watches_.end(),
                                [](const EndWatch& watch) { return watch.exceeds(); });
  if (wait) wait_for_ends(stop);
}

void Throttle::keep_pace(std::int64_t bytes, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  const Clock::time_point due = pace_->due(bytes, Clock::now());
  if (due <= Clock::now()) return;
  changed_.wait_until(lock, stop, due, [] { return false; });
  if (stop.stop_requested()) throw interrupted();
}

void Throttle::wait_for_ends(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  for (std::string why = excess(); !why.empty(); why = excess()) {
    tell_waiting(why);
    changed_.wait_for(lock, stop, kLook, [this] { return excess().empty(); });
    if (stop.stop_requested()) throw interrupted();
  }
  tell_going_on();
}

std::string Throttle::excess() {
  for (EndWatch& watch : watches_) {
    std::string why = watch.excess();
    if (!why.empty()) return why;
  }
  return "";
}

// All lanes wait together, and one tells of it: at once, but for waits that follow each other fast.
void Throttle::tell_waiting(const std::string& why) {
  const Clock::time_point now = Clock::now();
  if (waits_told_) return;
  if (said_at_ && now - *said_at_ < kQuiet) return;
  progress_.note("waiting: " + why);
  waits_told_ = true;
  waits_since_ = now;
  said_at_ = now;
}

void Throttle::tell_going_on() {
  if (!std::exchange(waits_told_, false)) return;
  said_at_ = Clock::now();
  progress_.note(fmt::format("going on after {:.1f} s",
                             std::chrono::duration<double>(*said_at_ - waits_since_).count()));
}

}  // namespace rowferry
