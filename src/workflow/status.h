#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "workflow/request.h"

namespace rowferry {

// One job as its journal tells it.
struct JobStatus {
  std::string job;
  std::string verb;
  std::string label;    // "SOURCE -> TARGET", no secrets
  std::string state;    // "running", "finished", "failed", "interrupted", "dead", "damaged"
  std::string started;  // UTC, ISO 8601
  std::string updated;
  std::int64_t pid = 0;  // of the live process
  std::int64_t tables = 0;
  std::int64_t tables_done = 0;
  std::int64_t tables_failed = 0;
  std::int64_t rows = 0;        // landed
  std::int64_t rows_total = 0;  // estimate
  std::int64_t bytes = 0;
  std::string message;  // the last error or note
  std::string code;     // of what keeps the journal from being read; else empty
  std::filesystem::path dir;
};

// All jobs under `dir`, newest first; only `job` when not empty (a prefix that names one will do).
// Throws Error{not_found} when `job` names none.
std::vector<JobStatus> status(const std::filesystem::path& dir, const std::string& job);

// What `job` left, a line each ("12 ledger rows …", "directory /…"); with `remove`,
// removes it. Tables and their rows are never touched. Throws Error{conflict} while the job lives.
std::vector<std::string> cleanup(const Request& request, const Surroundings& surroundings,
                                 const std::string& job, bool remove);

}  // namespace rowferry
