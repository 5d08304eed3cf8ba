#include "workflow/live.h"

#include "flow/retry.h"

namespace rowferry {

bool set_ages(const TablePlan& plan, const Ends& ends, Ages& ages, ComparedTable& table,
              std::vector<Error>& errors) {
  try {
    ages.set(plan, ends.source_dialect->rules().values_checked, table);
    return true;
  } catch (const Error& error) {
    if (!ends_table_only(error.kind())) throw;
    errors.push_back(error);
    return false;
  }
}

void wait_to_settle(const Request& request, Progress& progress) {
  progress.phase("waiting to look again at what differs");
  pause_for(request.settle.value_or(std::chrono::seconds(0)), request.stop);
  if (request.stop.stop_requested()) throw interrupted();
  progress.phase("looking again at what differs");
}

void name_live(const Compared& compared, std::vector<Loss>& notes) {
  const auto note = [&](std::int64_t rows, const char* code, const char* text) {
    if (rows == 0) return;
    notes.push_back({code, std::to_string(rows) + (rows == 1 ? " row " : " rows ") + text});
  };
  note(compared.left_alone, "row.young", "younger than --min-age: left alone");
  note(compared.in_flight, "row.in_flight", "in flight: different at one of two looks only");
  note(compared.moving, "row.moving", "that the source went on changing");
}

}  // namespace rowferry
