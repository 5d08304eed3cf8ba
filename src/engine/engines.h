#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/sql/session.h"

namespace rowferry {

// Every engine of this build: the support matrix.
const std::vector<Engine>& built_in_engines();

// The engine of `scheme`. Throws Error{usage} that lists what there is.
const Engine& find_engine(const std::vector<Engine>& engines, const std::string& scheme);

// A session on a database file of our own, made when it is missing: for the journal.
std::unique_ptr<sql::Session> open_local_session(const std::filesystem::path& path);

}  // namespace rowferry
