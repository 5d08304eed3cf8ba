#pragma once

#include <string_view>

namespace rowferry::mysql {

// Whether a server of this family takes `word` for no name unless it is quoted.
bool is_reserved(std::string_view word);

}  // namespace rowferry::mysql
