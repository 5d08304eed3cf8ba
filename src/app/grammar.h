#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "app/option_table.h"

namespace rowferry {

// What stands on a command line, not looked at any further.
struct Arguments {
  std::string answer;  // help or version; everything else is empty then
  const VerbRow* verb = nullptr;
  std::map<std::string, std::string> positionals;                // by name, those that were given
  std::map<std::string_view, std::vector<std::string>> options;  // by name without hyphens
};

// Splits a command line (the program's name first) by option_table and verb_table. Throws
// Error{usage} with a hint at the word that was perhaps meant.
Arguments parse_arguments(const std::vector<std::string>& arguments);

}  // namespace rowferry
