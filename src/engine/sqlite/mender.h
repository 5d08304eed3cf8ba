#pragma once

#include <memory>

#include "engine/engine.h"

namespace rowferry::sqlite {

// Changes rows by statements over a temporary table. Foreign keys hold; triggers stay aside.
std::unique_ptr<Mender> open_mender(const std::string& path, const EndOptions& options);

// One lock for the file, which has one writer at a time anyway.
std::unique_ptr<Hold> hold(const std::string& path);

}  // namespace rowferry::sqlite
