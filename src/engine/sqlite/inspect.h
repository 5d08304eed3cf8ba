#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

namespace rowferry::sqlite {

// Looks at the file and its directory. Changes nothing.
std::vector<Finding> inspect(const std::string& path, const Inspection& about);

}  // namespace rowferry::sqlite
