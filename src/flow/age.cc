#include "flow/age.h"

#include <algorithm>
#include <limits>

#include "core/batch.h"
#include "core/value.h"
#include "flow/compare.h"

namespace rowferry {

namespace {

constexpr std::int64_t kDay = 86'400'000'000;

std::optional<std::int64_t> end_of(std::int32_t days) {
  using Days = std::numeric_limits<std::int32_t>;
  if (days == Days::max()) return std::numeric_limits<std::int64_t>::max();
  if (days == Days::min()) return std::numeric_limits<std::int64_t>::min();
  const __int128 micros = (static_cast<__int128>(days) + 1) * kDay - 1;
  if (micros > std::numeric_limits<std::int64_t>::max()) {
    return std::numeric_limits<std::int64_t>::max();
  }
  return static_cast<std::int64_t>(micros);
}

std::optional<std::int64_t> moment_of_text(std::string_view text) {
  if (const auto moment = parse_timestamp(text)) return moment;
  if (const auto moment = parse_timestamptz(text)) return moment;
  if (const auto days = parse_date(text)) return end_of(*days);
  return std::nullopt;
}

std::optional<std::int64_t> moment_in(std::string_view row, int place, Kind kind) {
  if (row.empty()) return std::nullopt;
  CellCursor cursor(row);
  if (cursor.row() <= place) return std::nullopt;
  for (int i = 0; i < place; ++i) cursor.cell();
  const std::string_view cell = cursor.cell();
  return cursor.null() ? std::nullopt : moment_of(kind, cell);
}

}  // namespace

std::optional<std::int64_t> moment_of(Kind kind, std::string_view cell) {
  switch (kind) {
    case Kind::timestamp:
    case Kind::timestamptz:
      if (cell.size() != sizeof(std::int64_t)) return std::nullopt;
      return load<std::int64_t>(cell.data());
    case Kind::date:
      if (cell.size() != sizeof(std::int32_t)) return std::nullopt;
      return end_of(load<std::int32_t>(cell.data()));
    case Kind::dynamic:
      if (!cell.starts_with('t')) return std::nullopt;
      return moment_of_text(cell.substr(1));
    case Kind::text:
      return moment_of_text(cell);
    default:
      return std::nullopt;
  }
}

bool is_young(const std::vector<AgeLimit>& limits, const Difference& difference, std::int64_t now) {
  return std::any_of(limits.begin(), limits.end(), [&](const AgeLimit& limit) {
    const std::int64_t since = now - limit.micros;
    const auto ours = moment_in(difference.source, limit.place, limit.source);
    const auto theirs = moment_in(difference.target, limit.place, limit.target);
    return (ours && *ours > since) || (theirs && *theirs > since);
  });
}

}  // namespace rowferry
