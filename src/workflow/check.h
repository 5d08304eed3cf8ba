#pragma once

#include <string>
#include <vector>

#include "engine/finding.h"
#include "workflow/ends.h"
#include "workflow/plan.h"
#include "workflow/request.h"

namespace rowferry {

// The stable lower-case name of `severity`.
std::string_view name_of(Severity severity);

struct CheckReport {
  std::string
      source;  // URLs and products, for people; the product is empty for an end out of reach
  std::string source_product;
  std::string target;
  std::string target_product;
  std::int64_t tables = 0;     // selected
  std::int64_t rows_read = 0;  // with `probe`
  bool probed = false;
  double seconds = 0;
  std::vector<Finding> findings;  // blockers first, then warnings, then notes

  std::int64_t count(Severity severity) const;
};

// Whether a copy would work, without moving anything: connects to both ends, plans, and asks each
// end for what is needed of it; with `probe` reads each selected table once, too. All problems at
// once. Throws Error{usage | interrupted} only; every other failure is a finding.
CheckReport check(const Request& request, const Surroundings& surroundings, bool probe);

// What a copy that is about to start has looked at, and goes on from.
struct Outlook {
  // What check() finds of ends and schema, but for notes and for rows that are in the way, which
  // the copy judges by its ledger.
  std::vector<Finding> findings;
  std::unique_ptr<Snapshot> snapshot;  // null where it could not be opened this time
  std::optional<Plan> plan;            // made under it
};
Outlook look_before_copy(const Request& request, Ends& ends);

// What an error says, as a finding.
Finding finding_of(const Error& error, Severity severity);

}  // namespace rowferry
