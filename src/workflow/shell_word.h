#pragma once

#include <string>

namespace rowferry {

// `text` as one word of a shell, in quotes where it needs them: for commands that are shown.
std::string shell_word(const std::string& text);

}  // namespace rowferry
