#pragma once

#include <string>

#include "app/report.h"
#include "workflow/verify.h"

// What a comparison found, as text for people, and what it means to a script. Pure functions.
namespace rowferry {

Exit exit_of(const VerifyReport& report);

// The table of tables, the total, and what differs. `brief`: what differs and the total only.
std::string verify_text(const VerifyReport& report, bool brief);

}  // namespace rowferry
