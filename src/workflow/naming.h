#pragma once

#include <functional>
#include <string>

#include "core/schema.h"

namespace rowferry {

enum class LetterCase { keep, lower, snake };

// "OrderLines" as "orderlines" or "order_lines". ASCII letters only.
std::string in_case(const std::string& name, LetterCase letters);

// `table` with its columns, indexes and constraints called in `letters`, in the texts of its
// expressions too. `letters_of` gives the case of tables that it refers to. The table's own name
// stays.
Table renamed(Table table, LetterCase letters,
              const std::function<LetterCase(const TableName&)>& letters_of);

}  // namespace rowferry
