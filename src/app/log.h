#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace rowferry {

// Sets spdlog up for the life of the process's work: warnings (errors only when quiet, everything
// when verbose) are handed to `show`, a line each without its end, from any thread; with a file,
// everything goes there too, with times in UTC. Throws Error{usage, "log.open"}.
class Log {
 public:
  struct Options {
    std::filesystem::path file;  // empty: none
    bool verbose = false;
    bool quiet = false;
  };

  Log(const Options& options, std::function<void(std::string_view)> show);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
};

// Writes what the terminal shows to the log file, if there is one. Safe from every thread.
void log_to_file(std::string_view line);

}  // namespace rowferry
