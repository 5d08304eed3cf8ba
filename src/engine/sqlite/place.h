#pragma once

#include <memory>
#include <string>

#include "engine/sql/ledger.h"

namespace rowferry::sqlite {

// The ledger's two tables in the target file, with the statements that make them.
sql::LedgerPlace ledger_place();

// The same, with statements to make only what is missing.
sql::LedgerPlace find_place(sql::Session& session);

// The table of marks beside them, with the statement that makes it where it is missing.
sql::MarksPlace marks_place();
sql::MarksPlace find_marks(sql::Session& session);

}  // namespace rowferry::sqlite
