#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/type.h"

namespace rowferry {

struct Difference;

// How old a row has to be, by the time that one of its columns holds.
struct AgeLimit {
  int place = 0;             // of the column
  Kind source = Kind::text;  // of its cells as the source's rows have them
  Kind target = Kind::text;  // and the target's
  std::int64_t micros = 0;   // rows less old than that are young
};

// The moment that a cell stands for, in microseconds since 2000-01-01 00:00 in UTC; times without a
// zone are taken as UTC, and a date as its last moment. None where it is no time.
std::optional<std::int64_t> moment_of(Kind kind, std::string_view cell);

// Whether the row is young on one side at least, where `now` is the time in the same form. A row
// without a time is not.
bool is_young(const std::vector<AgeLimit>& limits, const Difference& difference, std::int64_t now);

}  // namespace rowferry
