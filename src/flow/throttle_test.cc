#include "flow/throttle.h"

#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "flow/retry.h"

namespace rowferry {
namespace {

using std::chrono::milliseconds;

// What the servers of a test say, and what is said to people.
class Servers : public Progress {
 public:
  void set(const std::string& figure, std::optional<double> value) {
    const std::lock_guard lock(mutex_);
    figures_[figure] = value;
  }
  void fail(const std::string& figure, ErrorKind kind) {
    const std::lock_guard lock(mutex_);
    failures_[figure] = kind;
  }
  std::optional<double> ask(const std::string& figure) {
    const std::lock_guard lock(mutex_);
    const auto failure = failures_.find(figure);
    if (failure != failures_.end()) throw Error(failure->second, "test.gauge", "no " + figure);
    return figures_[figure];
  }

  void phase(std::string_view) override {}
  void expect(std::int64_t, std::int64_t, std::int64_t, std::int64_t) override {}
  void table_started(const TableName&) override {}
  void page_landed(const TableName&, std::int64_t, std::int64_t) override {}
  void table_finished(const TableReport&) override {}
  void note(std::string_view text) override {
    const std::lock_guard lock(mutex_);
    notes_.emplace_back(text);
  }
  std::vector<std::string> notes() {
    const std::lock_guard lock(mutex_);
    return notes_;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::optional<double>> figures_;
  std::map<std::string, ErrorKind> failures_;
  std::vector<std::string> notes_;
};

class HandMadeGauge : public Gauge {
 public:
  HandMadeGauge(Servers& servers, std::string end) : servers_(servers), end_(std::move(end)) {}
  std::optional<double> lag() override { return servers_.ask(end_ + " lag"); }
  std::int64_t load() override {
    return static_cast<std::int64_t>(servers_.ask(end_ + " load").value_or(0));
  }

 private:
  Servers& servers_;
  std::string end_;
};

class ThrottleTest : public ::testing::Test {
 protected:
  std::unique_ptr<Throttle> throttle(const Limits& limits) {
    std::vector<GaugedEnd> ends;
    for (const std::string name : {"source", "target"}) {
      ends.push_back({.name = name, .open = [this, name](const std::stop_token&) {
                        return std::make_unique<HandMadeGauge>(servers_, name);
                      }});
    }
    return std::make_unique<Throttle>(limits, std::move(ends), servers_, std::stop_token{});
  }

  // Lets some lanes pass, calls `meanwhile` when they have said that they wait, and ends when they
  // are through.
  void wait_until_told(Throttle& throttle, const std::function<void()>& meanwhile) {
    std::vector<std::jthread> lanes;
    for (int i = 0; i < 3; ++i) lanes.emplace_back([&] { throttle.pass(0, {}); });
    while (servers_.notes().empty()) std::this_thread::sleep_for(milliseconds(5));
    meanwhile();
  }

  std::string refusal(const Limits& limits) {
    try {
      throttle(limits);
    } catch (const Error& error) {
      return error.code() + ": " + error.message();
    }
    return "";
  }

  Servers servers_;
};

TEST_F(ThrottleTest, WithoutAnExcessNothingIsSaid) {
  servers_.set("source load", 3);
  const auto made = throttle({.rate = 1 << 30, .lag = {}, .load = 3});
  made->pass(1, {});
  EXPECT_TRUE(servers_.notes().empty());
}

TEST_F(ThrottleTest, AllLanesWaitAndOneTellsOfIt) {
  servers_.set("target load", 4);
  const auto made = throttle({.rate = {}, .lag = {}, .load = 3});
  wait_until_told(*made, [&] { servers_.set("target load", 3); });
  const std::vector<std::string> notes = servers_.notes();
  ASSERT_EQ(notes.size(), 2U);
  EXPECT_EQ(notes[0],
            "waiting: 4 other sessions are at work at the target, more than --max-load 3");
  EXPECT_EQ(notes[1].substr(0, 15), "going on after ");
}

TEST_F(ThrottleTest, TheLagOfEitherEndCounts) {
  servers_.set("source lag", 61.4);
  const auto made = throttle({.rate = {}, .lag = 60, .load = {}});
  wait_until_told(*made, [&] { servers_.set("source lag", 0); });
  EXPECT_EQ(servers_.notes()[0],
            "waiting: the replica lag at the source is 61 s, more than --max-lag 60");
}

TEST_F(ThrottleTest, AStopEndsAWait) {
  servers_.set("target load", 4);
  const auto made = throttle({.rate = {}, .lag = {}, .load = 3});
  std::stop_source stop;
  std::jthread lane([&] { EXPECT_THROW(made->pass(0, stop.get_token()), Error); });
  while (servers_.notes().empty()) std::this_thread::sleep_for(milliseconds(5));
  stop.request_stop();
}

TEST_F(ThrottleTest, AStopEndsAWaitForTheRate) {
  const auto made = throttle({.rate = 1, .lag = {}, .load = {}});
  std::stop_source stop;
  std::jthread lane([&] { EXPECT_THROW(made->pass(1'000'000, stop.get_token()), Error); });
  stop.request_stop();
}

TEST_F(ThrottleTest, AnEndThatFailsIsNotWaitedFor) {
  servers_.set("target load", 4);
  const auto made = throttle({.rate = {}, .lag = {}, .load = 3});
  wait_until_told(*made, [&] { servers_.fail("target load", ErrorKind::transient); });
  const std::vector<std::string> notes = servers_.notes();
  ASSERT_EQ(notes.size(), 3U);
  EXPECT_EQ(notes[1].substr(0, 48), "the target cannot be asked how busy it is (no ta");
}

TEST_F(ThrottleTest, WhatNoEndTellsIsRefused) {
  EXPECT_EQ(refusal({.rate = {}, .lag = 1, .load = {}}),
            "throttle.lag: --max-lag: neither end has a replica whose lag can be known");
  servers_.fail("source load", ErrorKind::auth);
  EXPECT_EQ(refusal({.rate = {}, .lag = {}, .load = 1}), "");
  EXPECT_EQ(servers_.notes().back(), "a limit is kept at one end only; the source: no source load");
  servers_.fail("target load", ErrorKind::unsupported);
  EXPECT_EQ(
      refusal({.rate = {}, .lag = {}, .load = 1}),
      "throttle.load: --max-load: neither end tells how many sessions are at work; the source: "
      "no source load; the target: no target load");
}

}  // namespace
}  // namespace rowferry
