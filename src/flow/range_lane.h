#pragma once

#include <optional>
#include <vector>

#include "core/digest.h"
#include "flow/comparing.h"
#include "flow/page_list.h"
#include "flow/side_digester.h"

namespace rowferry {

// One thread's sessions on both sides, which compare pages of one range at the same time.
class RangeLane {
 public:
  // `list`: cuts pages that differ into smaller ones.
  RangeLane(Comparing& work, PageList& list, Snapshot& source, Snapshot& target,
            const std::stop_token& stop);

  // Pages that follow each other, of the table at `place` in the list. `cells`: the parts of the
  // table that each takes, as Comparing::differ takes them.
  void compare(std::size_t table, std::size_t place, const std::vector<Page>& pages,
               const std::vector<std::optional<CellSpan>>& cells);

 private:
  // Rows of one side's page, as they were read.
  struct PageSide {
    Digest digest;
    std::int64_t bytes = 0;
    Rejects rejects = {};
  };
  using Digests = std::vector<PageDigest>;

  void compare_digests(const std::vector<Page>& pages, std::size_t level);
  void zoom(const Page& page, const PageDigest& ours, const PageDigest& theirs, std::size_t level);
  bool compare_rows_by_digest(const Page& page);
  void compare_by_reading(const Page& page);
  void compare_rows(const ComparedTable& table, const Page& page, bool counts);

  std::int64_t digested_bytes(std::size_t pages) const;
  void digest_both(const std::vector<Page>& pages, Digests& ours, Digests& theirs);
  PageSide sum_up(SideReader& reader, const ComparedSide& side, const Page& page);
  void find_rows(const ComparedTable& table, const Page& page, PageSide& ours, PageSide& theirs);
  void keep(Difference difference);
  void tell();
  void tell(const Rejects& rejects);
  template <typename Task>
  void retried(const Task& task);
  const ComparedTable& table() const { return work_.table(index_); }

  Comparing& work_;
  PageList& list_;
  const std::stop_token stop_;
  SideReader source_;
  SideReader target_;
  SideDigester source_digester_;
  SideDigester target_digester_;
  std::size_t index_ = 0;          // of the table that is compared
  std::size_t place_ = 0;          // of it in the list
  std::optional<CellSpan> cells_;  // of the page that is compared
  bool refused_ = false;           // has been told
  std::vector<Difference> found_;  // of the page, not told yet
  bool told_ = false;              // some of the page have been
};

}  // namespace rowferry
