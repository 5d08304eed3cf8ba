#pragma once

#include "workflow/plan.h"
#include "workflow/request.h"

namespace rowferry {

// What copy would do, without doing it: reads the source, looks at the target, changes nothing.
// `pages` says whether to cut tables into pages too.
Plan plan_copy(const Request& request, const Surroundings& surroundings, bool pages);

}  // namespace rowferry
