#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/schema.h"

// What a check finds before anything is moved. Plain values.
namespace rowferry {

enum class Severity {
  note,     // a fact worth knowing: changes no exit status
  warning,  // the copy runs, and something is to be known or done
  blocker,  // the copy would fail
};

struct Finding {
  Severity severity = Severity::note;
  std::string code;                    // stable, listed in docs/errors.md: "privilege.missing"
  std::string where = {};              // "table shop.orders, column a"; empty: the end as a whole
  std::string message = {};            // one line
  std::string hint = {};               // what to do, with the statement to run where there is one
  std::int64_t count = 0;              // values or rows that it is about; 0: not counted
  std::vector<std::string> keys = {};  // of the first of them
  std::string end = {};                // "source" or "target"; empty: the way between them
};

// What an end is asked about.
struct Inspection {
  bool target = false;
  std::vector<TableName> tables;     // read at the source; at the target those already there
  std::vector<std::string> schemas;  // of tables to be written
  bool creates = true;               // makes tables, indexes and keys
  bool drops = false;                // drops the tables that are there
  bool empties = false;              // empties them
  bool foreign_keys = false;         // some table gets one
  std::int64_t bytes = 0;            // to come to the target, an estimate; 0: unknown
};

// Why a target refuses a value.
struct Unfit {
  std::string_view code;  // stable: "value.nul"
  std::string_view reason;
};

// Looks at a cell that is not NULL, in the form that its column travels in; nothing: it fits. An
// empty function: every value fits. Pure; safe from every thread.
using CellCheck = std::function<std::optional<Unfit>(std::string_view cell)>;

// A unique key of a table that stands at a target.
struct StandingKey {
  struct Part {
    std::string column;
    bool folds = false;  // takes texts of different bytes for one
    int prefix = 0;      // looks at so many characters only; 0: at all
  };
  std::string name;
  std::vector<Part> parts;
};

}  // namespace rowferry
