#pragma once

#include <string_view>

namespace rowferry::postgres {

// Whether the server takes `word` for no name of a table or column unless it is quoted.
bool is_reserved(std::string_view word);

}  // namespace rowferry::postgres
