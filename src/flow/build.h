#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "engine/engine.h"

namespace rowferry {

// A statement that failed, and why.
struct Unbuilt {
  Statement statement;
  Error error;
};

// Runs DDL, stage after stage; within one, `jobs` at a time, each on its own connection. A
// statement that fails with kind data, schema, conflict or auth is returned and the others go on,
// but for those about the same thing in later stages; another kind is thrown when the statements in
// flight have ended. `built` is called after each that stands, from any thread.
std::vector<Unbuilt> build(const std::vector<Statement>& statements,
                           const std::function<std::unique_ptr<Catalog>()>& open, int jobs,
                           const std::stop_token& stop,
                           const std::function<void(const Statement&)>& built);

}  // namespace rowferry
