#pragma once

#include <memory>

#include "engine/sql/script.h"

namespace rowferry::mysql {

// Scripts for mariadb and mysql.
std::unique_ptr<sql::ScriptWords> script_words(const ServerFacts& facts);

}  // namespace rowferry::mysql
