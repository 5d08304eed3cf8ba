#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

#include "core/error.h"
#include "engine/engine.h"
#include "flow/limits.h"

namespace rowferry {

// An end whose server can be asked how busy it is.
struct GaugedEnd {
  std::string name;  // "source", "target"
  // Called again after a gauge has failed. A requested stop ends its waits.
  std::function<std::unique_ptr<Gauge>(const std::stop_token&)> open;
};

// Asks one end again and again how busy it is, in a thread and by a session of its own.
class EndWatch {
 public:
  // What is said to people, and that an answer has changed. Called from the thread.
  struct Hearers {
    std::function<void(std::string_view)> note;
    std::function<void()> changed;
  };

  // Whether a figure was told when it was asked for first; if not, why, or empty where there is
  // none.
  struct Told {
    bool told = false;
    std::string why_not;
  };

  // Asks once before it returns. Throws what keeps the end from being asked at all, but not that it
  // does not tell one of the figures. A requested stop ends its thread and its waits.
  EndWatch(GaugedEnd end, const Limits& limits, Hearers hearers, std::stop_token stop);

  const GaugedEnd& end() const { return end_; }
  const Told& told_lag() const { return told_lag_; }
  const Told& told_load() const { return told_load_; }

  // Begins to ask. `stop` must be requested before this is destroyed.
  void start();

  // Whether there may be an excess.
  bool exceeds() const { return exceeds_; }
  // In words, which limit is exceeded, as of the last answer; empty when none is, or the last
  // answer is too old to be waited for: then people are told.
  std::string excess();

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  bool ask();
  void take_lag(std::optional<double> lag);
  void answered(std::string excess);
  void tell(const std::string& why);
  std::int64_t steady_load();
  std::string judge() const;

  const GaugedEnd end_;
  const Limits limits_;
  const Hearers hearers_;
  const std::stop_token stop_;
  std::unique_ptr<Gauge> gauge_;  // of the thread, once that runs
  std::optional<double> lag_;
  std::optional<std::int64_t> load_;
  Told told_lag_;
  Told told_load_;
  bool asks_lag_;
  bool asks_load_;
  bool lag_lost_ = false;  // it was told once, is no more, and people know
  std::atomic<bool> exceeds_ = false;
  std::mutex mutex_;  // guards what follows
  std::string excess_;
  Clock::time_point answered_at_;
  bool told_ = false;  // that the end cannot be asked
  std::jthread thread_;
};

}  // namespace rowferry
