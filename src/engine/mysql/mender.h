#pragma once

#include <memory>

#include "engine/engine.h"
#include "engine/sql/mend_text.h"

namespace rowferry::mysql {

// Changes rows by statements over a temporary table that a Loader has filled.
std::unique_ptr<Mender> open_mender(const Url& url, const EndOptions& options);

// User-level locks of one session (GET_LOCK).
std::unique_ptr<Hold> hold(const Url& url, const EndOptions& options,
                           const std::vector<std::string>& names);

// What statements over the table say; where their values stand is for the caller to fill in.
sql::MendWords mend_words(const MendedTable& table);

}  // namespace rowferry::mysql
