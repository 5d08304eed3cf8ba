#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/sql/alter.h"
#include "engine/sql/script.h"
#include "engine/sql/session.h"

namespace rowferry {

// Every engine of this build: the support matrix.
const std::vector<Engine>& built_in_engines();

// The engine of `scheme`. Throws Error{usage} that lists what there is.
const Engine& find_engine(const std::vector<Engine>& engines, const std::string& scheme);

// What scripts for a server say. Throws Error{unsupported} where there are none.
std::unique_ptr<sql::ScriptWords> script_words(const ServerFacts& facts);

// How columns are altered on a server. Throws Error{unsupported} where they cannot be.
std::unique_ptr<sql::AlterWords> alter_words(const ServerFacts& facts);

// A session on a database file of our own, made when it is missing: for the journal.
std::unique_ptr<sql::Session> open_local_session(const std::filesystem::path& path);

}  // namespace rowferry
