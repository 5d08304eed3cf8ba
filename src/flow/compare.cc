#include "flow/compare.h"

#include "flow/comparing.h"

namespace rowferry {

std::string_view name_of(Difference::What what) {
  switch (what) {
    case Difference::What::only_source:
      return "only_source";
    case Difference::What::only_target:
      return "only_target";
    case Difference::What::changed:
      return "changed";
    case Difference::What::unreadable:
      return "unreadable";
  }
  return "";
}

void compare(const std::vector<ComparedTable>& tables, Snapshot& source, Snapshot& target,
             const CompareSettings& settings, Progress& progress, const TakeDifference& take,
             std::vector<Compared>& compared) {
  Comparing work(tables, settings, progress, take, compared);
  std::vector<std::size_t> ranges;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (tables[i].ranges) ranges.push_back(i);
  }
  compare_ranges(work, ranges, source, target);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    if (!tables[i].ranges) compare_buckets(work, i, source, target);
  }
}

}  // namespace rowferry
