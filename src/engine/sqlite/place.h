#pragma once

#include <memory>
#include <string>

#include "engine/sql/ledger.h"

namespace rowferry::sqlite {

// The ledger's two tables in the target file, with the statements that make them.
sql::LedgerPlace ledger_place();

// The same, with statements to make only what is missing.
sql::LedgerPlace find_place(sql::Session& session);

}  // namespace rowferry::sqlite
