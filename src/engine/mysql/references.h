#pragma once

#include <string>
#include <vector>

#include "engine/mysql/connection.h"

namespace rowferry::mysql {

// Foreign keys are not looked at in our sessions: rows that refer to a table which is emptied or
// dropped would be left without it. `tables`: quoted names, with their database. Throws
// Error{conflict, "table.referenced"} where a table that is not one of these refers to one.
// Tables of other databases whose foreign keys refer to tables of the session's own: names and
// keys.
std::vector<Table> outside_references(Connection& connection);

void check_references(Connection& connection, const std::vector<std::string>& tables);

}  // namespace rowferry::mysql
