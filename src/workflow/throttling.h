#pragma once

#include <memory>

#include "flow/throttle.h"
#include "workflow/request.h"

namespace rowferry {

// The surroundings of one run, with a throttle where its request has limits. A run within another
// shares that one's.
class Throttling {
 public:
  // Connects to the ends where they are to be asked. Throws what Throttle does.
  Throttling(const Request& request, const Surroundings& surroundings);

  const Surroundings& surroundings() const { return surroundings_; }

 private:
  std::unique_ptr<Throttle> own_;
  Surroundings surroundings_;
};

}  // namespace rowferry
