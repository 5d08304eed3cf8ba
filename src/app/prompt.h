#pragma once

#include <string>

#include "core/secret.h"

namespace rowferry {

// Asks on the controlling terminal and reads a line without showing it. Throws Error{usage} when
// there is no terminal, Error{interrupted} on ^C.
Secret ask_password(const std::string& question);

// Whether both standard input and standard error are a terminal, so that somebody can answer.
bool can_ask();

// Asks on standard error and reads a line from standard input: true for "y" and "yes".
bool confirmed(const std::string& question);

}  // namespace rowferry
