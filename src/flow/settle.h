#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "flow/compare.h"
#include "flow/seen_rows.h"

namespace rowferry {

// Compares tables under the views that are open now, as compare() does, with CompareSettings::rows.
using Look = std::function<void(const std::vector<ComparedTable>&, const TakeDifference&,
                                std::vector<Compared>&)>;

// Looks at all tables, and then once more at what differed there: the pages of tables that are
// compared by ranges, others whole. `renew` closes both views before that, and opens newer ones
// after some time. Only rows that differ both times are told, as the second look has them; those
// that differ at one look only were under way from one side to the other. They are told apart by
// what names them, not by their page: where many are under way others are at each look. Rows that
// cannot be read are told by the first look. Throws what a look does; `compared` then says what is
// known, and tables that would have been looked at again have not ended.
void compare_settled(const std::vector<ComparedTable>& tables, const Look& look,
                     const std::function<void()>& renew, const TakeDifference& take,
                     std::vector<Compared>& compared);

// Tells of rows that differ each time anew whether the source has changed them since. Belongs to
// one thread at a time.
class Movement {
 public:
  // Whether the source's row is another than it was when the row was given before the last next();
  // so is a row that was not.
  bool moved(std::size_t table, const ComparedTable& compared, const Difference& difference);
  void next();

 private:
  std::unique_ptr<SeenRows> before_;  // none before the first next()
  std::unique_ptr<SeenRows> now_ = std::make_unique<SeenRows>();
};

}  // namespace rowferry
