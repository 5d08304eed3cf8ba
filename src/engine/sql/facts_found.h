#pragma once

#include <string>

#include "engine/finding.h"

// Findings that servers of every kind give rise to, worded once. Pure functions.
namespace rowferry::sql {

// How a session is protected on its way.
struct Protection {
  bool local = false;    // a socket or the loopback interface
  std::string protocol;  // "TLSv1.3"; empty: in clear
  std::string cipher;
};

// A note with TLS or on this machine; a warning for what crosses a network in clear. `hint` says
// how to ask for TLS.
Finding protection(const Protection& found, const std::string& hint);

// Whether `host` is a socket's directory, or a name or address of this machine itself.
bool is_local(const std::string& host);

// `ahead`: seconds by which the server's clock is before ours. A warning beyond a few.
Finding clock_found(double ahead);

// A blocker: `user` lacks `what` ("SELECT on shop.orders"); `grant` is the statement that mends it.
Finding privilege_missing(const std::string& what, const std::string& grant);

Finding note(const std::string& code, const std::string& message);

// A blocker: nothing can be written there.
Finding read_only(const std::string& why);

// "3 MB", rounded up.
std::string megabytes(std::int64_t bytes);

// A warning where `place` has less room than about `bytes` that are to come; else a note.
Finding space_found(std::int64_t free, std::int64_t bytes, const std::string& place);

// Seconds since 1970, by our clock.
double now_seconds();

}  // namespace rowferry::sql
