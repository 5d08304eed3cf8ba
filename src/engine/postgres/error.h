#pragma once

#include <string>

#include "core/error.h"

namespace rowferry::postgres {

// The one place where SQLSTATEs become kinds: exact codes first, then classes. `sqlstate` is empty
// when the server said nothing, which means that the connection is gone. Codes are those of
// PostgreSQL's documentation, appendix A. `message` is shown, never decided on.
Error classified(const std::string& sqlstate, const std::string& message);

}  // namespace rowferry::postgres
