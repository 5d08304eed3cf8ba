#pragma once

#include <cstdint>
#include <vector>

#include "core/page.h"
#include "engine/mysql/connection.h"

namespace rowferry::mysql {

// True when halve() can cut the table: its key begins with a whole number and the server's
// estimates of ranges come from looks into the index.
bool can_halve(const Connection& connection, const TableRead& table);

// Bounds that cut `gap` into ranges of about half of `rows` to `rows` rows each, by the server's
// estimates: a few looks into the index a bound, whatever the table's size. At most `most`.
std::vector<Bound> halve(Connection& connection, const TableRead& table, const Gap& gap,
                         std::int64_t rows, std::int64_t most);

}  // namespace rowferry::mysql
