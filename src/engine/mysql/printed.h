#pragma once

#include <string>
#include <string_view>

namespace rowferry::mysql {

// An expression as these servers print it, with its strings in one form: quotes doubled, nothing
// escaped but the backslash itself, without an introducer of Unicode, which the program's sessions
// need not have.
std::string plain_strings(std::string_view printed);

// Whether `part` stands in `text`, but not in a string or a quoted name.
bool holds_outside_strings(std::string_view text, std::string_view part);

// What MySQL prints as if it stood in a string itself.
std::string unescaped(std::string_view text);

}  // namespace rowferry::mysql
