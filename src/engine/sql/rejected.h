#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/plan.h"

// What is told of a row that cannot land. Pure functions of values.
namespace rowferry::sql {

RejectedCell null_cell(const std::string& name);
RejectedCell text_cell(const std::string& name, std::string text);
RejectedCell bytes_cell(const std::string& name, std::string_view bytes);
// A cell in the binary form of `kind`.
RejectedCell cell_of(const std::string& name, Kind kind, std::string_view cell);

// The places of the columns that name a row of so many: `key`, or the first ones where that is
// empty.
std::vector<int> naming_columns(std::vector<int> key, std::size_t columns);

// "id=1, name=x": the cells at the places `key`, long values cut.
std::string key_text(const std::vector<RejectedCell>& row, const std::vector<int>& key);

// What `row`, named by the cells at `key`, is refused for.
Reject rejected(std::vector<RejectedCell> row, const std::vector<int>& key, std::string column,
                std::string reason);

}  // namespace rowferry::sql
