#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/plan.h"

namespace rowferry {

// One table's way from source to target.
struct TablePlan {
  TableRead read;
  TableWrite write;
  Table target;                   // as it will be or is
  bool exists = false;            // at the target already
  bool has_rows = false;          // it does, and holds rows; looked at for a dry run only
  std::vector<Page> pages;        // only where asked for
  std::vector<Loss> not_carried;  // losses and notes, named
  std::vector<Error> errors;      // why this table cannot be moved
  std::vector<std::string>
      compared_only;  // columns of the target that hold no value of the source's
};

struct Plan {
  std::string job;
  std::string source;  // products and URLs, for people
  std::string target;
  std::vector<TablePlan> tables;      // largest first: the order of loading
  std::vector<Statement> statements;  // DDL, in order of stages
  std::vector<Loss> not_carried;
  std::string existing;  // what will become of tables that have rows; empty when none has
};

}  // namespace rowferry
