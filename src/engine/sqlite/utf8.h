#pragma once

#include <string_view>

#include "engine/sqlite/fit.h"

namespace rowferry::sqlite {

// Fit::ok for valid UTF-8 without NUL, which every server's text type holds; else nul or utf8.
Fit check_text(std::string_view text);

// Characters of valid UTF-8.
std::size_t count_characters(std::string_view text);

}  // namespace rowferry::sqlite
