#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <vector>

#include "flow/lane.h"
#include "flow/page_list.h"
#include "flow/progress.h"

namespace rowferry {

// What became of one table of a load.
struct Loaded {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  double seconds = 0;
  bool ended = false;  // every page has landed
  std::optional<Error> error;
  std::int64_t rejects = 0;   // rows listed that keep their page open
  std::int64_t left_out = 0;  // rows that their page landed without
};

struct LoadSettings {
  int lanes = 1;
  RetryPolicy retry;
  std::stop_token stop;
  std::filesystem::path reject_dir;
  std::int64_t max_rejects = 0;  // rows of one table that pages may land without
  Throttle* throttle = nullptr;  // holds lanes up
};

// Loads tables over `settings.lanes` lanes. An error of kind data, schema or conflict is its
// table's only and stands in its Loaded; of the others the first wins: lanes are joined and it is
// thrown, and `loaded` says what had landed by then. Rows that cannot land are listed in the
// table's reject file; their page stays open, or lands without them, and the table's other pages go
// on. `table_ended` is called from lane threads, once a table.
void load(const std::vector<LoadTable>& tables, Snapshot& snapshot,
          const std::function<std::unique_ptr<Writer>()>& writer, PageSize size,
          const LoadSettings& settings, Progress& progress, std::vector<Loaded>& loaded,
          const std::function<void(std::size_t)>& table_ended);

}  // namespace rowferry
