#pragma once

#include <vector>

#include "engine/engine.h"

namespace rowferry::faulty {

// The same engine, each call of each interface between two points named INTERFACE.METHOD.before and
// INTERFACE.METHOD.after, see fault.h. What is opened by the engine itself is INTERFACE.open. The
// catalog that reads the source is called source_catalog.
Engine wrap(const Engine& engine);
std::vector<Engine> wrap_all(const std::vector<Engine>& engines);

}  // namespace rowferry::faulty
