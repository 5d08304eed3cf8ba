#pragma once

#include <memory>

#include "engine/mysql/connection.h"
#include "engine/sql/ledger.h"

namespace rowferry::mysql {

// The ledger's tables, `_rowferry_run` and `_rowferry_page` of the target's database.
sql::LedgerPlace find_place(Session& session);

// `_rowferry_sync_marks` beside them.
sql::MarksPlace find_marks(Session& session);

// Does `work` while no other session does something so, in the same database. What a process that
// was killed has begun is waited for. Throws Error{conflict, "lock.timeout"} when that takes too
// long.
void alone(Session& session, const std::function<void()>& work);

// A user-level lock of the server (GET_LOCK), held by a connection of its own. Throws
// Error{conflict, "job.running"} when another process holds it.
std::unique_ptr<sql::JobLock> lock_job(const Url& url, const EndOptions& options,
                                       const std::string& job);

}  // namespace rowferry::mysql
