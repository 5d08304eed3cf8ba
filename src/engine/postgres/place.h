#pragma once

#include <memory>

#include "engine/postgres/session.h"
#include "engine/sql/ledger.h"

namespace rowferry::postgres {

// Where the ledger lives: schema "rowferry", or tables "_rowferry_run" and "_rowferry_page" in the
// default schema where that schema may not be created. Throws Error{auth} when neither is allowed.
sql::LedgerPlace find_place(sql::Session& session);

// The table of marks beside them: "rowferry"."sync_marks" or "_rowferry_sync_marks".
sql::MarksPlace find_marks(sql::Session& session);

// A session-level advisory lock, which the server gives back when this process or its machine dies.
std::unique_ptr<sql::JobLock> lock_job(const Url& url, const EndOptions& options,
                                       const std::string& job);

}  // namespace rowferry::postgres
