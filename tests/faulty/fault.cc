#include "faulty/fault.h"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

#include "core/error.h"

namespace rowferry::faulty {

namespace {

constexpr auto kLongestHold = std::chrono::seconds(120);

struct Fault {
  std::string point;
  std::string occurrence;  // a number or "*"
  std::string action;
};

[[noreturn]] void refuse(std::string_view text) {
  std::fprintf(stderr, "ROWFERRY_FAULT: cannot read '%.*s'\n", static_cast<int>(text.size()),
               text.data());
  std::exit(2);
}

Fault parse_fault(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::size_t equals = text.find('=');
  if (colon == std::string::npos || equals == std::string::npos || equals < colon) refuse(text);
  return {text.substr(0, colon), text.substr(colon + 1, equals - colon - 1),
          text.substr(equals + 1)};
}

std::vector<Fault> parse_faults(std::string_view text) {
  std::vector<Fault> faults;
  while (!text.empty()) {
    const std::size_t end = text.find(';');
    faults.push_back(parse_fault(std::string(text.substr(0, end))));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return faults;
}

void hold_until(const std::filesystem::path& file) {
  const auto end = std::chrono::steady_clock::now() + kLongestHold;
  while (!std::filesystem::exists(file) && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void throw_kind(const Fault& fault) {
  constexpr ErrorKind kKinds[] = {ErrorKind::usage,   ErrorKind::not_found, ErrorKind::unsupported,
                                  ErrorKind::schema,  ErrorKind::data,      ErrorKind::conflict,
                                  ErrorKind::auth,    ErrorKind::transient, ErrorKind::ambiguous,
                                  ErrorKind::internal};
  for (const ErrorKind kind : kKinds) {
    if (name_of(kind) == fault.action) {
      throw Error(kind, "fault." + fault.action, "a fault asked for at " + fault.point);
    }
  }
  refuse(fault.action);
}

void act(const Fault& fault) {
  const std::size_t colon = fault.action.find(':');
  const std::string action = fault.action.substr(0, colon);
  const std::string value = colon == std::string::npos ? "" : fault.action.substr(colon + 1);
  if (action == "kill") {
    ::kill(::getpid(), SIGKILL);
    ::pause();  // the rest of the process is ending
  } else if (action == "signal") {
    ::kill(::getpid(), std::atoi(value.c_str()));
  } else if (action == "pause") {
    std::this_thread::sleep_for(std::chrono::milliseconds(std::atoi(value.c_str())));
  } else if (action == "hold") {
    hold_until(value);
  } else {
    throw_kind(fault);
  }
}

// What the environment asks for, and how often each point has been passed.
class Points {
 public:
  Points() {
    if (const char* faults = std::getenv("ROWFERRY_FAULT")) faults_ = parse_faults(faults);
    if (const char* trace = std::getenv("ROWFERRY_FAULT_TRACE")) {
      trace_ = ::open(trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    }
  }

  void pass(const std::string& point) {
    for (const Fault& fault : asked_for(point)) act(fault);
  }

 private:
  std::vector<Fault> asked_for(const std::string& point) {
    const std::lock_guard lock(mutex_);
    const std::string occurrence = std::to_string(++passed_[point]);
    write_trace(point);
    std::vector<Fault> found;
    for (const Fault& fault : faults_) {
      const bool now = fault.occurrence == "*" || fault.occurrence == occurrence;
      if (now && fault.point == point) found.push_back(fault);
    }
    return found;
  }

  void write_trace(const std::string& point) const {
    const std::string line = point + "\n";
    if (trace_ >= 0 && ::write(trace_, line.data(), line.size()) < 0) std::perror("trace");
  }

  std::vector<Fault> faults_;
  int trace_ = -1;
  std::mutex mutex_;
  std::map<std::string, int> passed_;
};

}  // namespace

void pass(const std::string& point) {
  static Points points;
  points.pass(point);
}

}  // namespace rowferry::faulty
