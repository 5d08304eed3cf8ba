#pragma once

#include <string>
#include <vector>

#include "engine/sql/session.h"

namespace rowferry::sqlite {

// A query for tables that are none of `tables` (quoted names) and refer to one of them: rows of the
// one and the other.
std::string references_to(const std::vector<std::string>& tables);

// Throws Error{conflict} for the first row of references_to().
void refuse_references(const sql::Rows& found);

}  // namespace rowferry::sqlite
