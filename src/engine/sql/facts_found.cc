#include "engine/sql/facts_found.h"

#include <chrono>
#include <cmath>

namespace rowferry::sql {

Finding protection(const Protection& found, const std::string& hint) {
  if (!found.protocol.empty()) {
    const std::string cipher = found.cipher.empty() ? "" : ", " + found.cipher;
    return note("tls.on", "TLS: " + found.protocol + cipher);
  }
  if (found.local) return note("tls.local", "TLS: none, and none needed on this machine");
  return {.severity = Severity::warning,
          .code = "tls.off",
          .message = "the connection crosses a network without TLS: rows can be read on the way",
          .hint = hint};
}

bool is_local(const std::string& host) {
  return host.empty() || host.starts_with('/') || host == "localhost" || host == "::1" ||
         host.starts_with("127.");
}

Finding clock_found(double ahead) {
  constexpr double kMost = 5;
  const double apart = std::fabs(ahead);
  if (apart <= kMost) {
    return note("clock.same", "clock: the same as this machine's, within 5 seconds");
  }
  return {.severity = Severity::warning,
          .code = "clock.apart",
          .message = "the server's clock is " + std::to_string(std::llround(apart)) + " seconds " +
                     (ahead > 0 ? "before" : "behind") + " this machine's",
          .hint =
              "set both clocks (NTP): times in logs and defaults such as CURRENT_TIMESTAMP"
              " would not agree"};
}

Finding privilege_missing(const std::string& what, const std::string& grant) {
  return {.severity = Severity::blocker,
          .code = "privilege.missing",
          .message = "this user lacks " + what,
          .hint = grant};
}

Finding note(const std::string& code, const std::string& message) {
  return {.severity = Severity::note, .code = code, .message = message};
}

Finding read_only(const std::string& why) {
  return {.severity = Severity::blocker,
          .code = "server.read_only",
          .message = "nothing can be written here: " + why,
          .hint = "name the server that takes writes, or let this one take them"};
}

std::string megabytes(std::int64_t bytes) {
  constexpr std::int64_t kMega = 1'000'000;
  return std::to_string((bytes + kMega - 1) / kMega) + " MB";
}

Finding space_found(std::int64_t free, std::int64_t bytes, const std::string& place) {
  if (free > bytes) return note("space.free", "free space: " + megabytes(free));
  return {.severity = Severity::warning,
          .code = "space.low",
          .message = "there are " + megabytes(free) + " free in " + place +
                     ", and the source has about " + megabytes(bytes),
          .hint = "make room, or name a target on another disk"};
}

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace rowferry::sql
