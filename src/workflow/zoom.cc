#include "workflow/zoom.h"

#include <algorithm>
#include <chrono>

namespace rowferry {

namespace {

constexpr std::int64_t kPage = 2 << 20;
// A page of 2 MiB takes some 20 ms to transfer over 1 Gbit/s. Digests of its rows take a further
// round trip, which pays where rows are wide and the way is short.
constexpr std::int64_t kWide = 512;
constexpr double kShort = 0.010;

std::int64_t width_of(const ComparedTable& table) {
  const Table& stored = table.source.read.table;
  return stored.rows > 0 ? stored.bytes / stored.rows : 0;
}

bool digests_rows(const ComparedTable& table, double round_trip) {
  return width_of(table) >= kWide && round_trip <= kShort;
}

std::string in_milliseconds(double seconds) {
  const auto tenths = static_cast<std::int64_t>(seconds * 10'000 + 0.5);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

}  // namespace

PageSize first_pages(const Request& request) {
  if (!request.zoom.empty()) return {.bytes = kPage, .rows = request.zoom.front()};
  return {.bytes = std::min(kPage, request.page_size.bytes), .rows = request.page_size.rows};
}

double round_trip(Catalog& source, Catalog& target) {
  constexpr int kTimes = 3;
  double slower = 0;
  for (Catalog* side : {&source, &target}) {
    double best = 1e9;
    for (int i = 0; i < kTimes; ++i) {
      const auto began = std::chrono::steady_clock::now();
      side->query("SELECT 1");
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
      best = std::min(best, took.count());
    }
    slower = std::max(slower, best);
  }
  return slower;
}

DigestWish digest_wish(const Request& request, double round_trip) {
  return {.strong = request.strong, .where = request.digests, .round_trip = round_trip};
}

std::vector<std::int64_t> finer_pages(const Request& request, const ComparedTable& table,
                                      double round_trip) {
  if (!request.zoom.empty()) return {request.zoom.begin() + 1, request.zoom.end()};
  if (!digests_rows(table, round_trip)) return {};
  return {1};
}

std::string explain_zoom(const Request& request, const ComparedTable& table, double round_trip) {
  std::string text = describe_digests(table);
  if (!table.ranges) return text;
  const PageSize page = first_pages(request);
  text += "; pages of " + (page.rows > 0 ? std::to_string(page.rows) + " rows"
                                         : std::to_string(page.bytes >> 10) + " KiB");
  const bool servers = table.source.digest && table.target.digest;
  const std::string measured = "; rows of " + std::to_string(width_of(table)) +
                               " bytes, a round trip of " + in_milliseconds(round_trip);
  if (!servers) return text + ", read row by row where they differ" + measured;
  for (const std::int64_t rows : table.finer) {
    text +=
        rows == 1 ? ", then digests of single rows" : ", then of " + std::to_string(rows) + " rows";
  }
  if (table.finer.empty()) text += ", transferred whole where they differ";
  return text + measured;
}

}  // namespace rowferry
