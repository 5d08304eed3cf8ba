#pragma once

#include <optional>

#include "engine/engine.h"
#include "flow/compare.h"

namespace rowferry {

// The range that holds the `rows` highest keys of either side: of a table that is compared by
// ranges of whole numbers; none for other tables.
std::optional<Gap> last_rows(const ComparedTable& table, std::int64_t rows, Catalog& source,
                             const Dialect& from, Catalog& target, const Dialect& to);

}  // namespace rowferry
