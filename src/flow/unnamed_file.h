#pragma once

#include "core/error.h"

namespace rowferry {

// Opens a file without a name in the directory for temporary ones (TMPDIR), so that nothing stays
// behind however the process ends; -1 where that cannot be.
int unnamed_file();

// Error{conflict, "spool.write"} of what errno says.
Error spool_failure();

}  // namespace rowferry
