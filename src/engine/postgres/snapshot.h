#pragma once

#include <memory>

#include "engine/engine.h"
#include "engine/postgres/connection.h"

namespace rowferry::postgres {

std::unique_ptr<Snapshot> open_snapshot(const Url& url, const EndOptions& options);

// Begins a read-only transaction that sees exactly what `snapshot` (of pg_export_snapshot) sees.
// Throws Error{transient, "snapshot.lost"} when the transaction that exported it has ended.
void import_snapshot(Connection& connection, const std::string& snapshot);

}  // namespace rowferry::postgres
