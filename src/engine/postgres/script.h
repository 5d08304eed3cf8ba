#pragma once

#include <memory>

#include "engine/sql/script.h"

namespace rowferry::postgres {

// Scripts for psql.
std::unique_ptr<sql::ScriptWords> script_words(const ServerFacts& facts);

}  // namespace rowferry::postgres
