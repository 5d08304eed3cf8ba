#include "flow/range_lane.h"

#include <algorithm>
#include <future>
#include <unordered_map>

namespace rowferry {

namespace {

constexpr std::size_t kKept = 10'000;            // differences of a page until they are told
constexpr std::size_t kMostRanges = 200;         // of rows that are fetched one by one
constexpr std::int64_t kMostDigested = 100'000;  // rows of a page that are digested one by one

// Rows of one side that differ from the other's, each as a page of its own.
std::vector<Page> differing_rows(const std::vector<RowDigest>& rows,
                                 const std::vector<RowDigest>& others, const Page& page) {
  std::unordered_map<std::string, const std::string*> known;
  for (const RowDigest& row : others) known.emplace(to_text(row.key), &row.digest);
  std::vector<Page> ranges;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto other = known.find(to_text(rows[i].key));
    if (other != known.end() && *other->second == rows[i].digest) continue;
    const Bound& next = i + 1 < rows.size() ? rows[i + 1].key : page.upper;
    ranges.push_back({.part = page.part, .number = 0, .lower = rows[i].key, .upper = next});
  }
  return ranges;
}

// The side, and of it the rows of these pages only.
ComparedSide narrowed(const ComparedSide& side, const std::vector<Page>& ranges) {
  std::string condition;
  for (const Page& range : ranges) {
    condition += (condition.empty() ? "(" : " OR (") + side.within(range) + ")";
  }
  if (ranges.empty()) condition = "1 = 0";
  ComparedSide narrow = side;
  std::string& where = narrow.read.where;
  where = where.empty() ? condition : "(" + where + "\n) AND (" + condition + ")";
  return narrow;
}

}  // namespace

RangeLane::RangeLane(Comparing& work, PageList& list, Snapshot& source, Snapshot& target,
                     const std::stop_token& stop)
    : work_(work),
      list_(list),
      stop_(stop),
      source_(source, work.settings()),
      target_(target, work.settings()),
      source_digester_(source, source_),
      target_digester_(target, target_) {}

template <typename Task>
void RangeLane::retried(const Task& task) {
  with_retries(
      work_.settings().retry, stop_, [this](std::string_view text) { work_.note(text); },
      [&](int) { task(); });
}

void RangeLane::compare(std::size_t table, std::size_t place, const std::vector<Page>& pages,
                        const std::vector<std::optional<CellSpan>>& cells) {
  index_ = table;
  place_ = place;
  Digests ours;
  Digests theirs;
  const bool digested = this->table().digested();
  if (digested) digest_both(pages, ours, theirs);
  for (std::size_t i = 0; i < pages.size(); ++i) {
    cells_ = cells[i];
    if (digested) {
      zoom(pages[i], ours[i], theirs[i], 0);
    } else {
      compare_by_reading(pages[i]);
    }
    work_.seen(table, cells_);
  }
}

// What both servers read for digests of so many pages.
std::int64_t RangeLane::digested_bytes(std::size_t pages) const {
  const PageSize& size = work_.settings().page;
  const Table& stored = table().source.read.table;
  const std::int64_t width = stored.rows > 0 ? stored.bytes / stored.rows : 0;
  const std::int64_t page = size.rows > 0 ? size.rows * width : size.bytes;
  return std::min(stored.bytes, page * static_cast<std::int64_t>(pages));
}

void RangeLane::digest_both(const std::vector<Page>& pages, Digests& ours, Digests& theirs) {
  std::int64_t bytes = 0;
  retried([&] {
    std::int64_t here = 0;
    std::int64_t there = 0;
    pass(work_.settings().throttle, digested_bytes(pages.size()), stop_);
    auto others = std::async(std::launch::async, [&] {
      return target_digester_.digest(table(), table().target, pages, stop_, there);
    });
    ours = source_digester_.digest(table(), table().source, pages, stop_, here);
    theirs = others.get();
    bytes = here + there;
  });
  work_.sent(index_, 1);
  work_.add(index_, 0, 0, bytes);
  for (const SideDigester* side : {&source_digester_, &target_digester_}) {
    if (side->refusal().empty() || refused_) continue;
    refused_ = true;
    work_.note("rows are read instead of digested in the server: " + side->refusal());
  }
}

void RangeLane::compare_digests(const std::vector<Page>& pages, std::size_t level) {
  Digests ours;
  Digests theirs;
  digest_both(pages, ours, theirs);
  for (std::size_t i = 0; i < pages.size(); ++i) zoom(pages[i], ours[i], theirs[i], level);
}

// What is done with a page that has been digested on both sides.
void RangeLane::zoom(const Page& page, const PageDigest& ours, const PageDigest& theirs,
                     std::size_t level) {
  const auto known = [](const PageDigest& digest) {
    return digest.rows == 0 || !digest.digest.empty();
  };
  if (!known(ours) || !known(theirs)) return compare_by_reading(page);
  if (ours == theirs) {
    work_.add(index_, ours.rows, theirs.rows, 0);
    if (level == 0) work_.equal(index_, page, ours.rows);
    return;
  }
  const std::vector<std::int64_t>& finer = table().finer;
  const bool servers = table().source.digest && table().target.digest;
  if (!servers || level >= finer.size()) return compare_rows(table(), page, true);
  const std::int64_t most = std::max(ours.rows, theirs.rows);
  if (finer[level] == 1) {
    if (most > kMostDigested || !compare_rows_by_digest(page)) compare_rows(table(), page, true);
    return;
  }
  if (ours.rows <= finer[level]) return zoom(page, ours, theirs, level + 1);
  std::vector<Page> smaller;
  retried([&] { smaller = list_.cut(place_, page, {.bytes = 0, .rows = finer[level]}); });
  compare_digests(smaller, level + 1);
}

// Only rows whose own digests differ are read; false when these are too many for that.
bool RangeLane::compare_rows_by_digest(const Page& page) {
  std::vector<RowDigest> ours;
  std::vector<RowDigest> theirs;
  retried([&] {
    auto others =
        std::async(std::launch::async, [&] { return target_digester_.rows(table().target, page); });
    ours = source_digester_.rows(table().source, page);
    theirs = others.get();
  });
  work_.sent(index_, 1);
  const std::vector<Page> here = differing_rows(ours, theirs, page);
  const std::vector<Page> there = differing_rows(theirs, ours, page);
  if (here.size() > kMostRanges || there.size() > kMostRanges) return false;
  work_.add(index_, static_cast<std::int64_t>(ours.size()),
            static_cast<std::int64_t>(theirs.size()), 0);
  ComparedTable narrow = table();
  narrow.source = narrowed(table().source, here);
  narrow.target = narrowed(table().target, there);
  compare_rows(narrow, page, false);
  return true;
}

// Once differences have been told, another attempt would tell them again.
void RangeLane::compare_rows(const ComparedTable& table, const Page& page, bool counts) {
  PageSide ours;
  PageSide theirs;
  found_.clear();
  told_ = false;
  retried([&] {
    ours = {};
    theirs = {};
    try {
      find_rows(table, page, ours, theirs);
    } catch (const Error& error) {
      if (told_) throw Error(ErrorKind::conflict, error.code(), error.message());
      found_.clear();
      throw;
    }
  });
  work_.sent(index_, 1);
  if (told_ || !found_.empty()) work_.differs(index_, page);
  tell(ours.rejects);
  tell(theirs.rejects);
  tell();
  work_.add(index_, counts ? ours.digest.rows : 0, counts ? theirs.digest.rows : 0,
            ours.bytes + theirs.bytes);
}

// Both sides are summed up as they are read, and read once more where they differ.
void RangeLane::compare_by_reading(const Page& page) {
  PageSide ours;
  PageSide theirs;
  retried([&] {
    auto others =
        std::async(std::launch::async, [&] { return sum_up(target_, table().target, page); });
    ours = sum_up(source_, table().source, page);
    theirs = others.get();
  });
  work_.sent(index_, 1);
  work_.add(index_, ours.digest.rows, theirs.digest.rows, ours.bytes + theirs.bytes);
  tell(ours.rejects);
  tell(theirs.rejects);
  if (ours.digest == theirs.digest) {
    const bool rejects = !ours.rejects.rows.empty() || !theirs.rejects.rows.empty();
    if (!rejects && !table().digested()) work_.equal(index_, page, ours.digest.rows);
    return;
  }
  PageSide passed;  // rejects of it have been told
  PageSide there;
  found_.clear();
  told_ = false;
  retried([&] {
    try {
      find_rows(table(), page, passed, there);
    } catch (const Error& error) {
      if (told_) throw Error(ErrorKind::conflict, error.code(), error.message());
      found_.clear();
      throw;
    }
  });
  work_.sent(index_, 1);
  if (found_.empty() && !told_) throw unsteady();
  work_.differs(index_, page);
  tell();
}

RangeLane::PageSide RangeLane::sum_up(SideReader& reader, const ComparedSide& side,
                                      const Page& page) {
  PageSide read;
  reader.read(side, page, stop_, read.rejects, [&](const FormedRow& row) {
    read.digest.add(row.row);
    read.bytes += static_cast<std::int64_t>(row.row.size());
  });
  return read;
}

void RangeLane::find_rows(const ComparedTable& table, const Page& page, PageSide& ours,
                          PageSide& theirs) {
  const auto count = [](PageSide& side, const FormedRow& row) {
    ++side.digest.rows;
    side.bytes += static_cast<std::int64_t>(row.row.size());
  };
  const Fetching fetching(work_, index_);
  RowIndex rows(table.key);
  source_.read(table.source, page, stop_, ours.rejects, [&](const FormedRow& row) {
    count(ours, row);
    rows.add(row);
  });
  target_.read(table.target, page, stop_, theirs.rejects, [&](const FormedRow& row) {
    count(theirs, row);
    FormedRow mine;
    const RowIndex::Meeting meeting = rows.meet(row.row, mine);
    if (meeting == RowIndex::Meeting::equal) return;
    keep(meeting == RowIndex::Meeting::changed ? changed(table, mine, row)
                                               : only(table, Difference::What::only_target, row));
  });
  rows.rest([&](const FormedRow& row) { keep(only(table, Difference::What::only_source, row)); });
}

void RangeLane::keep(Difference difference) {
  found_.push_back(std::move(difference));
  if (found_.size() < kKept) return;
  tell();
  told_ = true;
}

void RangeLane::tell() {
  for (const Difference& difference : found_) work_.differ(index_, difference, cells_);
  found_.clear();
}

void RangeLane::tell(const Rejects& rejects) {
  for (const Reject& reject : rejects.rows) work_.differ(index_, unreadable(reject), cells_);
}

}  // namespace rowferry
