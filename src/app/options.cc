#include "app/options.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>

#include "app/config.h"
#include "app/grammar.h"
#include "app/option_table.h"
#include "app/option_values.h"
#include "core/error.h"

namespace rowferry {

namespace {

namespace fs = std::filesystem;

// Where an option's values come from; an earlier one goes before a later.
enum class Origin { command_line, environment, file };

struct Given {
  Origin origin = Origin::command_line;
  std::string place;  // for messages
  std::vector<std::string> values;
};

using AllGiven = std::map<std::string_view, Given>;

std::string variable_of(std::string_view option) {
  std::string name = "ROWFERRY_";
  for (const char c : option) {
    name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  }
  return name;
}

// Values of a repeated option stand in lines of their own.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (end > from) lines.emplace_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

std::optional<Given> from_environment(const OptionRow& row, const Environment& environment) {
  const std::string name = variable_of(row.name);
  const char* value = environment(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  Given given{Origin::environment, name, {value}};
  if (row.repeats) given.values = lines_of(value);
  return given;
}

std::optional<Given> find_given(const OptionRow& row, const Arguments& arguments,
                                const Environment& environment, const Config& config) {
  if (const auto found = arguments.options.find(row.name); found != arguments.options.end()) {
    return Given{Origin::command_line, std::string("--") + row.name, found->second};
  }
  if (auto given = from_environment(row, environment)) return given;
  if (const auto found = config.options.find(row.name); found != config.options.end()) {
    return Given{Origin::file, config.file.string() + ": " + row.name, found->second};
  }
  return std::nullopt;
}

fs::path home(const Environment& environment) {
  if (const char* home = environment("HOME"); home != nullptr && *home != '\0') return home;
  if (const passwd* user = getpwuid(getuid()); user != nullptr) return user->pw_dir;
  throw Error(ErrorKind::usage, "options.home", "there is no home directory")
      .hint("set HOME, or give --dir and --config");
}

// A directory by the XDG base directory rules: what the variable says when that is absolute.
fs::path xdg(const char* variable, const char* otherwise, const Environment& environment) {
  const char* value = environment(variable);
  if (value != nullptr && *value == '/') return fs::path(value) / "rowferry";
  return home(environment) / otherwise / "rowferry";
}

Config find_config(const Arguments& arguments, const Environment& environment) {
  const auto given = arguments.options.find("config");
  if (given != arguments.options.end()) return read_config(given->second.back());
  const char* variable = environment("ROWFERRY_CONFIG");
  if (variable != nullptr && *variable != '\0') return read_config(variable);
  std::error_code absent;
  try {
    const fs::path path = xdg("XDG_CONFIG_HOME", ".config", environment) / "config.toml";
    if (fs::is_regular_file(path, absent)) return read_config(path);
  } catch (const Error& error) {
    if (error.code() != "options.home") throw;
  }
  return {};
}

// An option of the file must be one of some verb, so that a misspelt one is not silently nothing.
void check_names(const Config& config) {
  std::vector<std::string> known;
  for (const OptionRow& row : option_table()) {
    if (std::string_view(row.name) != "config") known.emplace_back(row.name);
  }
  for (const auto& [name, values] : config.options) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string meant = nearest(name, known);
    throw Error(ErrorKind::usage, "config.option", "there is no option '" + name + "'")
        .at(config.file.string())
        .hint(meant.empty() ? "see rowferry --help" : "did you mean '" + meant + "'?");
  }
}

// Whether an option is asked for: a switch may be given to say no. What it cannot understand it
// will refuse where it is applied.
bool on(const AllGiven& all, std::string_view name) {
  const auto found = all.find(name);
  if (found == all.end()) return false;
  const auto rows = option_table();
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const OptionRow& option) { return option.name == name; });
  if (row == rows.end() || *row->value != '\0') return true;
  try {
    return parse_switch(found->second.values.back());
  } catch (const Error&) {
    return true;
  }
}

// Of two options that exclude each other the one of the stronger origin stays.
void settle(AllGiven& all, const Exclusion& exclusion) {
  if (!on(all, exclusion.one) || !on(all, exclusion.other)) return;
  const Given& one = all.at(exclusion.one);
  const Given& other = all.at(exclusion.other);
  if (one.origin == other.origin) {
    throw Error(ErrorKind::usage, "options.exclude",
                one.place + " and " + other.place + " exclude each other");
  }
  all.erase(one.origin < other.origin ? exclusion.other : exclusion.one);
}

void apply(const OptionRow& row, const Given& given, Options& options) {
  try {
    const auto first = row.repeats ? given.values.begin() : given.values.end() - 1;
    for (auto value = first; value != given.values.end(); ++value) row.apply(options, *value);
  } catch (Error& error) {
    error.at(given.place);
    throw;
  }
}

AllGiven gather(const Arguments& arguments, const Environment& environment, const Config& config) {
  AllGiven all;
  for (const OptionRow& row : option_table()) {
    if ((row.verbs & arguments.verb->bit) == 0) continue;
    auto given = find_given(row, arguments, environment, config);
    if (given && !given->values.empty()) all.emplace(row.name, std::move(*given));
  }
  for (const Exclusion& exclusion : exclusions()) settle(all, exclusion);
  return all;
}

void take_positionals(const Arguments& arguments, const Config& config,
                      const Environment& environment, Options& options) {
  for (const auto& [name, text] : arguments.positionals) {
    if (name == "JOB") {
      options.job = text;
      continue;
    }
    Url& url = name == "SOURCE" ? options.request.source : options.request.target;
    url = resolve_end(text, config, environment);
    if (!text.starts_with('@') && !url.password.empty()) options.password_left_out = true;
    if (name == "TARGET") options.has_target = true;
  }
}

}  // namespace

Options parse_options(const std::vector<std::string>& arguments, const Environment& environment) {
  Options options;
  const Arguments parsed = parse_arguments(arguments);
  options.answer = parsed.answer;
  if (parsed.verb == nullptr) return options;
  options.verb = parsed.verb->verb;
  options.command = shell_command(arguments);
  const Config config = find_config(parsed, environment);
  check_names(config);
  const AllGiven all = gather(parsed, environment, config);
  for (const OptionRow& row : option_table()) {
    if (const auto found = all.find(row.name); found != all.end()) {
      apply(row, found->second, options);
    }
  }
  take_positionals(parsed, config, environment, options);
  if (options.request.dir.empty()) {
    options.request.dir = xdg("XDG_STATE_HOME", ".local/state", environment);
  }
  return options;
}

std::vector<std::string> option_names() {
  std::vector<std::string> names;
  for (const OptionRow& row : option_table()) names.push_back(std::string("--") + row.name);
  names.insert(names.end(), {"--help", "--version"});
  return names;
}

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const VerbRow& row : verb_table()) names.emplace_back(row.name);
  return names;
}

}  // namespace rowferry
