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

// The ends as they are asked for, before anything is connected to: without dialects and job. Throws
// Error{unsupported} when an engine cannot do what the verb needs.
Ends name_ends(const Request& request, const Surroundings& surroundings);

// Connects to one of them and asks who it is. `write`: it is written to, and may be made where it
// is a file.
ServerFacts reach_source(const Ends& ends);
ServerFacts reach_target(const Ends& ends, bool write);

// Completes `ends` by what was found there. Throws Error{usage} when they are the same database.
void introduce(Ends& ends, const Request& request, const ServerFacts& from, const ServerFacts& to);

// The name of the job that the request is between these ends, which know each other.
std::string job_of(const Ends& ends, const Request& request);

// All of these, one after the other.
Ends reach(const Request& request, const Surroundings& surroundings, bool write);

// What the target looks like, without making it: nothing when it is not there yet.
std::unique_ptr<Catalog> target_if_there(const Ends& ends);

}  // namespace rowferry
