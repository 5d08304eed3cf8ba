#pragma once

#include <memory>

#include "engine/engine.h"
#include "engine/sql/alter.h"

namespace rowferry::sqlite {

std::unique_ptr<sql::AlterWords> alter_words(const ServerFacts& facts);

}  // namespace rowferry::sqlite
