#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rowferry {

// One end of a page: a value per column of the cut, as text that the engine which made it can read
// back exactly. Nobody else compares or parses it. Empty = open.
using Bound = std::vector<std::string>;

// A bound as one line of text for the ledger (a JSON array of strings, "" when open), and back.
// Throws Error{internal} on text that is not such an array.
std::string to_text(const Bound& bound);
Bound to_bound(std::string_view text);

// What pages of a table are cut by.
struct Cut {
  enum class By {
    whole,     // one page
    key,       // columns that identify a row for as long as it lives
    physical,  // where the row lies (ctid, a rowid that nobody declared): rows may move between
               // reads
  };
  By by = By::whole;
  std::vector<std::string> columns;

  friend bool operator==(const Cut&, const Cut&) = default;
};

std::string describe(const Cut& cut);

// A half-open range [lower, upper) of one table or leaf partition. The pages of a part tile it: the
// first is open below, the last open above, and each begins where the one before ends.
struct Page {
  std::string part;         // leaf partition as "schema.table", "" for a table stored as one
  std::int64_t number = 0;  // grows with the range within a part; gaps are normal
  Bound lower;
  Bound upper;

  friend bool operator==(const Page&, const Page&) = default;
};

// Distance between the numbers of neighbouring pages of a fresh plan, so that a gap can be cut
// again.
inline constexpr std::int64_t kPageStride = std::int64_t{1} << 20;

// A range that is still to be cut: page numbers strictly between `after` and `before` are free.
struct Gap {
  std::string part;
  Bound lower;
  Bound upper;
  std::int64_t after = 0;
  std::int64_t before = 0;  // 0: nothing follows

  // How many pages of a fresh plan the gap stood for; 0 = not known (the tail).
  std::int64_t missing() const { return before == 0 ? 0 : (before - after) / kPageStride - 1; }
};

// The ranges that `landed` (pages of one part, in any order) leaves uncovered, in order. The order
// of ranges is that of the page numbers, which the server that cut them gave: no key is compared
// here.
std::vector<Gap> gaps_between(std::vector<Page> landed, const std::string& part);

// Numbers for `count` pages that fill `gap`, growing. Needs before - after > count when before !=
// 0.
std::vector<std::int64_t> number_pages(const Gap& gap, std::size_t count);

// Pages that tile `gap`, cut at `bounds` as far as there are numbers for them.
std::vector<Page> pages_between(const Gap& gap, std::vector<Bound> bounds);

// How large a page shall be: by bytes as stored at the source, or by rows.
struct PageSize {
  std::int64_t bytes = 16 << 20;
  std::int64_t rows = 0;  // 0: by bytes
};

}  // namespace rowferry
