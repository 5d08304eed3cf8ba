#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/type.h"

namespace rowferry::conformance {

// A value of tests/canonical/vectors.json.
struct Vector {
  Type type;
  std::string cell;  // in the binary form of the type's kind
  std::string text;  // its canonical form
};

std::vector<Vector> vectors();
// Documents and their normal forms.
std::vector<std::pair<std::string, std::string>> documents();

}  // namespace rowferry::conformance
