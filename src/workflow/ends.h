#pragma once

#include <memory>
#include <string>

#include "workflow/request.h"

namespace rowferry {

// Both ends of a verb, reached once: who they are and how to open them further.
struct Ends {
  const Engine& from;
  const Engine& to;
  Url source;
  Url target;
  EndOptions source_options;
  EndOptions target_options;
  std::unique_ptr<Dialect> source_dialect;
  std::unique_ptr<Dialect> target_dialect;
  int lanes = 1;
  std::string job;  // the hash of both identities and of what is selected

  JobCard card() const;
  // The size asked for, as far as the target's transactions allow it.
  PageSize page_size(PageSize asked) const;
};

// Connects to both ends and checks what they are. Throws Error{usage} when they are the same
// database, Error{unsupported} when an engine cannot do what the verb needs. `write`: the target is
// written to, and may be made where it is a file.
Ends reach(const Request& request, const Surroundings& surroundings, bool write);

}  // namespace rowferry
