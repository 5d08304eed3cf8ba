#pragma once

#include "engine/mysql/connection.h"
#include "engine/mysql/grants.h"

namespace rowferry::mysql {

// What the connection's user may do, by the roles that are on, too.
Grants own_grants(Connection& connection);

}  // namespace rowferry::mysql
