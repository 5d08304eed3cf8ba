#include "app/meter.h"

#include <fmt/format.h>

#include "app/figures.h"

namespace rowferry {

namespace {

constexpr auto kWindow = std::chrono::seconds(10);
constexpr auto kBetween = std::chrono::milliseconds(100);

double seconds_of(std::chrono::steady_clock::duration time) {
  return std::chrono::duration<double>(time).count();
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

void Meter::expect(std::int64_t tables, std::int64_t rows, std::int64_t, std::int64_t landed_rows) {
  tables_ = tables;
  expected_rows_ = rows;
  landed_rows_ = landed_rows;
}

void Meter::page(std::int64_t rows, std::int64_t bytes) {
  rows_ += rows;
  bytes_ += bytes;
}

double Meter::seconds(Time now) const {
  return seconds_of(now - start_);
}

void Meter::sample(Time now) {
  if (!samples_.empty() && now - samples_.back().time < kBetween) return;
  samples_.push_back({now, rows_, bytes_});
  while (samples_.size() > 2 && now - samples_[1].time >= kWindow) samples_.pop_front();
}

std::string Meter::speeds(Time now) const {
  const Sample& first = samples_.front();
  const double seconds = seconds_of(now - first.time);
  const std::int64_t rows = rows_ - first.rows;
  if (seconds < 0.5 || rows == 0) return "";
  const double bytes = static_cast<double>(bytes_ - first.bytes);
  std::string text =
      fmt::format("  {} rows/s  {}/s", human_rate(rows, seconds), human_bytes(bytes / seconds));
  const std::int64_t left = expected_rows_ - rows_;
  if (left > 0) {
    const double eta = static_cast<double>(left) * seconds / static_cast<double>(rows);
    text += "  ETA " + clock_text(eta);
  }
  return text;
}

std::string Meter::line(Time now) {
  sample(now);
  const std::int64_t done = landed_rows_ + rows_;
  const std::int64_t total = landed_rows_ + expected_rows_;
  std::string text = with_commas(done);
  // Estimates may be low: more than all is not shown as a share.
  if (done <= total) text += "/" + with_commas(total);
  text += " rows";
  if (done <= total && total > 0) text += fmt::format(" {}%", 100 * done / total);
  text += speeds(now);
  if (tables_ > 0) text += fmt::format("  tables {}/{}", tables_done_, tables_);
  return text;
}

}  // namespace rowferry
