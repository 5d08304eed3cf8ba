#include "app/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>

namespace rowferry {

namespace {

constexpr std::array<int, 3> kSignals = {SIGINT, SIGTERM, SIGPIPE};
constexpr int kInterrupted = 130;

// What the handler may touch. The handler only counts and writes one byte.
std::array<int, 2> pipe_ends = {-1, -1};
std::atomic<int> seen = 0;
std::array<struct sigaction, kSignals.size()> before;

void handle(int) {
  if (seen.fetch_add(1) > 0) _exit(kInterrupted);
  const int kept = errno;
  [[maybe_unused]] const auto written = write(pipe_ends[1], "s", 1);
  errno = kept;
}

void install() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction action {};
    action.sa_handler = kSignals[i] == SIGPIPE ? SIG_IGN : handle;
    action.sa_flags = SA_RESTART;
    sigaction(kSignals[i], &action, &before[i]);
  }
}

// Waits for the byte of the handler; the destructor's says that there is nothing to wait for.
void watch(std::stop_source& source, const std::function<void()>& on_first) {
  char byte = 0;
  while (read(pipe_ends[0], &byte, 1) < 0 && errno == EINTR) {
  }
  if (byte != 's') return;
  on_first();
  source.request_stop();
}

}  // namespace

Signals::Signals(std::function<void()> on_first) {
  if (pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  seen = 0;
  thread_ = std::thread([this, on_first = std::move(on_first)] { watch(source_, on_first); });
  install();
}

Signals::~Signals() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before[i], nullptr);
  [[maybe_unused]] const auto written = write(pipe_ends[1], "e", 1);
  thread_.join();
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

}  // namespace rowferry
