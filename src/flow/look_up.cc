#include "flow/look_up.h"

#include "flow/comparing.h"

namespace rowferry {

namespace {

using What = Difference::What;

// What one call finds, until it is through.
struct Found {
  Compared sums;
  std::vector<Difference> differences;

  void add(std::int64_t Compared::*count, Difference difference) {
    ++(sums.*count);
    differences.push_back(std::move(difference));
  }
};

}  // namespace

LookUp::LookUp(const ComparedTable& table, Snapshot& source, Snapshot& target, Throttle* throttle)
    : table_(table),
      ours_(table.source),
      theirs_(table.target),
      source_(source, true, throttle),
      target_(target, true, throttle) {}

void LookUp::compare(const std::string& here, const std::string& there, const std::stop_token& stop,
                     const std::function<void(const Difference&)>& take, Compared& compared) {
  ours_.read.where = here;
  theirs_.read.where = there;
  const Page all;
  Found found;
  Rejects rejects;
  RowIndex rows(table_.key);
  source_.read(ours_, all, stop, rejects, [&](const FormedRow& row) {
    rows.add(row);
    ++found.sums.source_rows;
    found.sums.bytes += static_cast<std::int64_t>(row.row.size());
  });
  target_.read(theirs_, all, stop, rejects, [&](const FormedRow& row) {
    FormedRow mine;
    const RowIndex::Meeting meeting = rows.meet(row.row, mine);
    ++found.sums.target_rows;
    found.sums.bytes += static_cast<std::int64_t>(row.row.size());
    if (meeting == RowIndex::Meeting::changed) {
      found.add(&Compared::changed, changed(table_, mine, row));
    }
  });
  rows.rest([&](const FormedRow& row) {
    found.add(&Compared::only_source, only(table_, What::only_source, row));
  });
  for (const Reject& reject : rejects.rows) found.add(&Compared::unreadable, unreadable(reject));
  compared.source_rows += found.sums.source_rows;
  compared.target_rows += found.sums.target_rows;
  compared.bytes += found.sums.bytes;
  compared.only_source += found.sums.only_source;
  compared.changed += found.sums.changed;
  compared.unreadable += found.sums.unreadable;
  for (const Difference& difference : found.differences) take(difference);
}

}  // namespace rowferry
