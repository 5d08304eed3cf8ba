#pragma once

#include <string>
#include <string_view>

#include "core/secret.h"

namespace rowferry {

// One end of a transfer as the user wrote it: "scheme:rest". The rest belongs to the engine. A
// password inside it is kept apart as soon as it is parsed, and printing never shows it.
struct Url {
  std::string scheme;
  std::string rest;  // all after "scheme:", without the password
  Secret password;   // empty when none was given

  // "scheme:rest", safe to print.
  std::string text() const { return scheme + ":" + rest; }
};

// Splits `text`. A password may stand in the user part of "scheme://user:password@host/…",
// percent-encoded, or as a parameter "password=…". Throws Error{usage} when there is no scheme.
Url parse_url(std::string_view text);

}  // namespace rowferry
