#pragma once

#include <string>

// Pieces of the statements that digest pages. Pure functions.
namespace rowferry::sql {

// " WHERE range AND (condition)", or "" without either.
std::string where_text(const std::string& range, const std::string& condition);

}  // namespace rowferry::sql
