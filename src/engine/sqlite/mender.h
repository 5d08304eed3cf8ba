#pragma once

#include <memory>

#include "engine/engine.h"
#include "engine/sql/mend_text.h"

namespace rowferry::sqlite {

// Changes rows by statements over a temporary table. Foreign keys hold; triggers stay aside.
std::unique_ptr<Mender> open_mender(const std::string& path, const EndOptions& options);

// One lock for the file, which has one writer at a time anyway.
std::unique_ptr<Hold> hold(const std::string& path);

// What statements over the table say; where their values stand is for the caller to fill in.
sql::MendWords mend_words(const MendedTable& table);

// A name of the row's number that no column has. Throws Error{schema}.
std::string row_number(const MendedTable& table);

}  // namespace rowferry::sqlite
