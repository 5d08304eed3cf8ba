#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/schema.h"

namespace rowferry::mysql {

// An expression as these servers print it, with its strings in one form: quotes doubled, nothing
// escaped but the backslash itself, without an introducer of Unicode, which the program's sessions
// need not have.
std::string plain_strings(std::string_view printed);

// Whether `part` stands in `text`, but not in a string or a quoted name.
bool holds_outside_strings(std::string_view text, std::string_view part);

// `lossy`, in which information_schema has put question marks for each sign outside its three-byte
// Unicode, as it stands in `whole`; nothing where it does not stand there, or in more than one way.
std::optional<std::string> restored(std::string_view lossy, std::string_view whole);

// An expression of these servers.
Expression in_mysql(std::string text);

// What MySQL prints as if it stood in a string itself.
std::string unescaped(std::string_view text);

// MySQL tells the bytes of an expression's UTF-8 as if each were a sign of Latin-1: the expression
// itself. A text that is none of that kind stays.
std::string recoded(std::string_view text);

}  // namespace rowferry::mysql
