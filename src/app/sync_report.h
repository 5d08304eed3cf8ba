#pragma once

#include <string>

#include "app/report.h"
#include "workflow/sync.h"

// What a sync found and did, as text for people, and what it means to a script. Pure functions.
namespace rowferry {

Exit exit_of(const SyncReport& report);

// The table of tables, the total, and what differs or went wrong. `brief`: the latter two only.
std::string sync_text(const SyncReport& report, bool brief);

}  // namespace rowferry
