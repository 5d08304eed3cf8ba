#pragma once

#include <vector>

#include "engine/finding.h"
#include "workflow/ends.h"
#include "workflow/plan.h"

namespace rowferry {

// What a plan says of schemas: errors, losses, names that become others, reserved words. A pure
// function of values.
std::vector<Finding> schema_findings(const Ends& ends, const Plan& plan);

}  // namespace rowferry
