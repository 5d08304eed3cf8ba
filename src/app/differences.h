#pragma once

#include <string>
#include <vector>

#include "flow/compare.h"

// What a comparison found in one table, as text for people. Pure functions.
namespace rowferry {

// "1,000" where both sides have so many rows, "1,000 / 998" where not.
std::string rows_of(const Compared& compared);

// In the place of a number of rows: this part of the table has not been compared yet.
inline constexpr std::int64_t kNotYet = -1;

// "[...2....#...]": where differing rows lie in the order of the key, a sign for each part of the
// table: their number, '.' for none, '#' for ten and more, ' ' for kNotYet.
std::string strip_of(const std::vector<std::int64_t>& cells);

// "  shop.orders: 1 row only at the source, 2 rows differ", the first of them, and how many more;
// empty where nothing differs.
std::string differences_of(const std::string& table, const Compared& compared,
                           const std::vector<Difference>& first);

}  // namespace rowferry
