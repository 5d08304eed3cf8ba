#pragma once

#include <vector>

#include "engine/engine.h"

namespace rowferry {

// The program: reads the command line, runs one verb and prints. Returns the exit status,
// documented in docs/cli.md; throws nothing. Overwrites passwords in `argv`.
int run_app(int argc, char** argv, const std::vector<Engine>& engines);

}  // namespace rowferry
