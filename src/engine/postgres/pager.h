#pragma once

#include <memory>

#include "engine/engine.h"
#include "engine/postgres/connection.h"

namespace rowferry::postgres {

// Cuts by the primary key or a unique index without NULLs, at bounds taken from a sample of blocks;
// tables without one by ctid (PostgreSQL 14 and later; before, one page). `position` is that of the
// snapshot which the connection is on.
std::unique_ptr<Pager> open_pager(std::unique_ptr<Connection> connection,
                                  const std::string& position);

}  // namespace rowferry::postgres
