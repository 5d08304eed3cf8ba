#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace rowferry {

// A named end of the configuration file, for "@name" in place of a URL.
struct NamedEnd {
  std::string url;
  std::filesystem::path password_file;  // its first line is the password
  std::string password_env;             // a variable that holds the password
};

// What a configuration file says. Values are text as the command line would have them; a table
// under an option ([options.where]) becomes one "key=value" per entry. Names have hyphens.
struct Config {
  std::filesystem::path file;  // empty: there is none
  std::map<std::string, std::vector<std::string>> options;
  std::map<std::string, NamedEnd> ends;
};

// Reads a TOML file. Throws Error{usage, "config.…"} that names the file, the line and what is
// wrong; whether options exist is not looked at here. Values are never shown in errors.
Config read_config(const std::filesystem::path& file);

}  // namespace rowferry
