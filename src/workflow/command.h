#pragma once

#include <string>

#include "workflow/request.h"

namespace rowferry {

// Commands for a shell, without passwords, that go with a copy. Pure functions.

// Shows what may become of the copy.
std::string check_command(const Request& request);

// Makes the target's rows of one table of the source, or with none of all that were selected, those
// that the source has now.
std::string sync_command(const Request& request, const TableName* table);

}  // namespace rowferry
