#pragma once

#include <functional>
#include <stop_token>
#include <thread>

namespace rowferry {

// While it lives, the first SIGINT or SIGTERM calls `on_first` and requests a stop, both on a
// thread of its own; the second ends the process at once with status 130. SIGPIPE is ignored: a
// copy does not die because nobody reads its output any more. At most one at a time.
class Signals {
 public:
  explicit Signals(std::function<void()> on_first);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::thread thread_;
};

}  // namespace rowferry
