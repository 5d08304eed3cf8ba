#pragma once

#include <map>
#include <string>
#include <string_view>

namespace rowferry::sql {

// `text`, a piece of SQL, with the identifiers that stand in `names` replaced, in the quotes that
// they had; one without quotes, where `bare` ones count, is found whatever its case and gets
// quotes. Strings, functions and the types of casts are left alone. `escapes`: a backslash in a
// string stands for the sign behind it.
std::string with_names(std::string_view text, const std::map<std::string, std::string>& names,
                       bool escapes, bool bare);

}  // namespace rowferry::sql
