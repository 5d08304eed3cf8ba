#pragma once

#include <memory>

#include "engine/sql/script.h"

namespace rowferry::sqlite {

// Scripts for sqlite3.
std::unique_ptr<sql::ScriptWords> script_words(const ServerFacts& facts);

}  // namespace rowferry::sqlite
