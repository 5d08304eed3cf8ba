#pragma once

#include <string>
#include <vector>

#include "core/schema.h"

namespace rowferry::mysql {

// Whether a default's text is a literal and no expression.
bool is_literal(const std::string& text);

// Brings the defaults of a table that comes from another kind of server into the words of `server`
// (mariadb, mysql, tidb), which differ on where an expression may stand. Says which are left out.
std::vector<Loss> fit_defaults(Table& table, const std::string& server);

}  // namespace rowferry::mysql
