#include "app/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/differences.h"
#include "app/figures.h"
#include "app/log.h"
#include "app/meter.h"

namespace rowferry {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kRedraw = std::chrono::milliseconds(200);
constexpr auto kPlainLine = std::chrono::seconds(10);
constexpr std::int64_t kManyTables = 50;
constexpr double kTinySeconds = 1;
constexpr std::size_t kNameWidth = 32;

std::size_t terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
  return size.ws_col;
}

// The first `columns` characters of UTF-8 text.
std::string_view cut_to(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const bool starts = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (starts && columns-- == 0) break;
  }
  return text.substr(0, at);
}

std::string name_of_table(const TableReport& report) {
  std::string name = printable(to_string(report.source));
  if (report.target != report.source) name += " -> " + printable(to_string(report.target));
  return name;
}

std::string moved_text(const TableReport& report) {
  std::string text =
      fmt::format("{:>14} rows  {:>9}  {:>8}", with_commas(report.rows),
                  human_bytes(static_cast<double>(report.bytes)), human_seconds(report.seconds));
  if (report.rows_moved > 0 && report.seconds > 0) {
    text += fmt::format("  {:>11} rows/s", human_rate(report.rows_moved, report.seconds));
  }
  return text;
}

std::string table_line(const TableReport& report) {
  const std::string name = fmt::format("{:<{}}  ", name_of_table(report), kNameWidth);
  switch (report.state) {
    case TableState::done:
      return name + moved_text(report);
    case TableState::earlier:
      return name + fmt::format("{:>14} rows  done earlier", with_commas(report.rows));
    case TableState::not_one_point:
      return name + moved_text(report) + "  not one point in time";
    case TableState::failed:
      return name + "failed: " +
             (report.errors.empty() ? "see the report" : printable(report.errors.front().line()));
    case TableState::unfinished:
      return name + fmt::format("{:>14} rows  unfinished", with_commas(report.rows));
  }
  return name;
}

class TextTerminal : public Terminal {
 public:
  explicit TextTerminal(const TerminalStyle& style) : style_(style), meter_(Clock::now()) {
    if (!style_.quiet) ticker_ = std::jthread([this](const std::stop_token& stop) { tick(stop); });
  }
  ~TextTerminal() override { close(); }

  void phase(std::string_view name) override {
    const std::lock_guard lock(mutex_);
    phase_ = name;
    strips_.clear();
    phase_start_ = Clock::now();
    current_.clear();
    if (style_.live && !style_.verbose) {
      log_to_file(phase_);
    } else {
      line(phase_);
    }
  }

  void expect(std::int64_t tables, std::int64_t rows, std::int64_t bytes,
              std::int64_t landed_rows) override {
    const std::lock_guard lock(mutex_);
    meter_.expect(tables, rows, bytes, landed_rows);
  }

  void table_started(const TableName& table) override {
    const std::lock_guard lock(mutex_);
    current_ = printable(to_string(table));
  }

  void page_landed(const TableName& table, std::int64_t rows, std::int64_t bytes) override {
    const std::lock_guard lock(mutex_);
    meter_.page(rows, bytes);
    current_ = printable(to_string(table));
  }

  void cells_compared(const TableName& table, CellSpan cells) override {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = cells.first; i < cells.end; ++i) add_to_strip(table, i, 0);
  }

  void cell_differs(const TableName& table, std::size_t cell) override {
    const std::lock_guard lock(mutex_);
    add_to_strip(table, cell, 1);
  }

  void table_finished(const TableReport& report) override {
    const std::lock_guard lock(mutex_);
    meter_.table_done();
    const std::string text = table_line(report);
    if (worth_a_line(report)) {
      line(text);
    } else {
      log_to_file(text);
    }
  }

  void note(std::string_view text) override {
    const std::lock_guard lock(mutex_);
    line(text);
  }

  void say(std::string_view text) override {
    const std::lock_guard lock(mutex_);
    put(text);
  }

  void close() override {
    ticker_.request_stop();
    if (ticker_.joinable()) ticker_.join();
    const std::lock_guard lock(mutex_);
    clear();
  }

 private:
  bool worth_a_line(const TableReport& report) const {
    if (style_.verbose || meter_.tables() <= kManyTables) return true;
    if (report.state == TableState::earlier) return false;
    return report.state != TableState::done || report.seconds >= kTinySeconds;
  }

  // All below: with the mutex held.
  void line(std::string_view text) {
    if (style_.quiet) {
      log_to_file(text);
    } else {
      put(text);
    }
  }

  void put(std::string_view text) {
    clear();
    std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
    log_to_file(text);
  }

  void clear() {
    if (drawn_ == 0) return;
    erase();
    std::fflush(stderr);
    drawn_ = 0;
  }

  void draw(Clock::time_point now) {
    if (phase_.empty()) return;
    erase();
    drawn_ = 0;
    const std::string text = status(now);
    const std::string_view shown = cut_to(text, terminal_columns() - 1);
    const auto strip = strips_.find(current_);
    if (strip != strips_.end() && terminal_columns() > kCells + 2) {
      std::fprintf(stderr, "%s\n", strip_of(strip->second).c_str());
      ++drawn_;
    }
    std::fprintf(stderr, "%.*s", static_cast<int>(shown.size()), shown.data());
    ++drawn_;
    std::fflush(stderr);
  }

  // The lines that are drawn; the next thing is written where they began.
  void erase() const {
    if (drawn_ > 0) std::fputs("\r\x1b[K", stderr);
    for (int line = 1; line < drawn_; ++line) std::fputs("\x1b[A\x1b[K", stderr);
  }

  void add_to_strip(const TableName& table, std::size_t cell, std::int64_t rows) {
    if (!style_.live) return;
    auto& strip = strips_.try_emplace(printable(to_string(table)), kCells, kNotYet).first->second;
    strip[cell] = std::max<std::int64_t>(strip[cell], 0) + rows;
  }

  std::string status(Clock::time_point now) {
    if (meter_.tables() == 0) {
      return fmt::format("{}  {}", phase_,
                         human_seconds(std::chrono::duration<double>(now - phase_start_).count()));
    }
    std::string text = phase_ + "  " + meter_.line(now);
    if (style_.live && !current_.empty()) text += "  " + current_;
    return text;
  }

  void tick(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    Clock::time_point next_line = Clock::now() + kPlainLine;
    while (!stop.stop_requested()) {
      wake_.wait_for(lock, stop, kRedraw, [] { return false; });
      const auto now = Clock::now();
      if (stop.stop_requested()) return;
      if (style_.live) {
        draw(now);
      } else if (meter_.tables() > 0) {
        const std::string text = status(now);  // each time, so that speeds are those of ten seconds
        if (now < next_line) continue;
        line(text);
        next_line = now + kPlainLine;
      }
    }
  }

  const TerminalStyle style_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  Meter meter_;
  std::string phase_;
  Clock::time_point phase_start_;
  std::string current_;
  std::map<std::string, std::vector<std::int64_t>> strips_;  // of this phase, by table
  int drawn_ = 0;                                            // lines
  std::jthread ticker_;  // last: it ends before what it looks at
};

}  // namespace

std::unique_ptr<Terminal> make_text_terminal(const TerminalStyle& style) {
  return std::make_unique<TextTerminal>(style);
}

bool can_redraw() {
  const char* kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
}

}  // namespace rowferry
