#include "flow/end_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "flow/retry.h"

namespace rowferry {

namespace {

constexpr std::chrono::milliseconds kAsk{500};   // between two questions
constexpr std::chrono::milliseconds kAgain{20};  // until a load that is too high is looked at again
constexpr std::chrono::seconds kAfterFailure{5};  // until a new session is opened
constexpr std::chrono::seconds kTooOld{5};        // of an answer that nobody waits for any more

// Whether an end can never tell the one figure, and may well tell the other.
bool cannot_tell(const Error& error) {
  return error.kind() == ErrorKind::auth || error.kind() == ErrorKind::unsupported;
}

}  // namespace

EndWatch::EndWatch(GaugedEnd end, const Limits& limits, Hearers hearers, std::stop_token stop)
    : end_(std::move(end)),
      limits_(limits),
      hearers_(std::move(hearers)),
      stop_(std::move(stop)),
      asks_lag_(limits.lag.has_value()),
      asks_load_(limits.load.has_value()) {
  gauge_ = end_.open(stop_);
  const auto first = [](bool& asks, Told& told, auto ask) {
    if (!asks) return;
    try {
      told.told = ask();
    } catch (const Error& error) {
      if (!cannot_tell(error)) throw;
      told.why_not = error.line();
      asks = false;
    }
  };
  first(asks_lag_, told_lag_, [this] { return (lag_ = gauge_->lag()).has_value(); });
  first(asks_load_, told_load_, [this] { return (load_ = gauge_->load()).has_value(); });
  answered(judge());
}

void EndWatch::start() {
  if (asks_lag_ || asks_load_) thread_ = std::jthread([this] { run(); });
}

void EndWatch::run() {
  while (!stop_.stop_requested()) pause_for(ask() ? kAsk : kAfterFailure, stop_);
}

// False when the end could not be asked.
bool EndWatch::ask() {
  try {
    if (!gauge_) gauge_ = end_.open(stop_);
    if (asks_lag_) take_lag(gauge_->lag());
    if (asks_load_) load_ = steady_load();
    answered(judge());
    return true;
  } catch (const Error& error) {
    gauge_.reset();
    if (stop_.stop_requested()) return false;
    tell(error.line());
    answered("");
    return false;
  }
}

void EndWatch::take_lag(std::optional<double> lag) {
  const bool lost = lag_ && !lag;
  lag_ = lag;
  if (!lost || std::exchange(lag_lost_, true)) return;
  hearers_.note("the " + end_.name +
                " has no replica any more whose lag is known: --max-lag is not kept there");
}

// A peak that is over in a moment is none.
std::int64_t EndWatch::steady_load() {
  const std::int64_t load = gauge_->load();
  if (load <= *limits_.load) return load;
  pause_for(kAgain, stop_);
  return std::min(load, gauge_->load());
}

std::string EndWatch::judge() const {
  if (lag_ && *lag_ > *limits_.lag) {
    return fmt::format("the replica lag at the {} is {:.0f} s, more than --max-lag {}", end_.name,
                       *lag_, *limits_.lag);
  }
  if (load_ && *load_ > *limits_.load) {
    return fmt::format("{} other {} at work at the {}, more than --max-load {}", *load_,
                       *load_ == 1 ? "session is" : "sessions are", end_.name, *limits_.load);
  }
  return "";
}

void EndWatch::answered(std::string excess) {
  {
    const std::lock_guard lock(mutex_);
    answered_at_ = Clock::now();
    exceeds_ = !excess.empty();
    excess_ = std::move(excess);
  }
  hearers_.changed();
}

std::string EndWatch::excess() {
  {
    const std::lock_guard lock(mutex_);
    if (excess_.empty()) return "";
    if (Clock::now() - answered_at_ < kTooOld) return excess_;
  }
  tell("no answer for " + std::to_string(kTooOld.count()) + " s");
  return "";
}

void EndWatch::tell(const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(told_, true)) return;
  }
  hearers_.note("the " + end_.name + " cannot be asked how busy it is (" + why +
                "): the run goes on, without its limits there for as long as that lasts");
}

}  // namespace rowferry
