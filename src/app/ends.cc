#include "app/ends.h"

#include <cstring>
#include <fstream>
#include <string_view>

#include "core/error.h"
#include "workflow/shell_word.h"

namespace rowferry {

namespace {

Secret read_password_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!file || (!std::getline(file, line) && !file.eof())) {
    throw Error(ErrorKind::usage, "password.file", "cannot read '" + path.string() + "'");
  }
  if (line.ends_with('\r')) line.pop_back();
  Secret secret(line);
  explicit_bzero(line.data(), line.size());
  return secret;
}

Secret read_password_variable(const std::string& name, const Environment& environment) {
  const char* value = environment(name.c_str());
  if (value == nullptr) {
    throw Error(ErrorKind::usage, "password.variable", "the variable " + name + " is not set");
  }
  return Secret(value);
}

[[noreturn]] void unknown_end(const std::string& name, const Config& config) {
  std::string names;
  for (const auto& [known, end] : config.ends) names += (names.empty() ? "@" : ", @") + known;
  std::string hint;
  if (config.file.empty()) {
    hint = "ends are named in the configuration file, and there is none";
  } else if (names.empty()) {
    hint = config.file.string() + " names no ends";
  } else {
    hint = config.file.string() + " names " + names;
  }
  throw Error(ErrorKind::usage, "end.unknown", "there is no end named '" + name + "'").hint(hint);
}

Url named_url(const NamedEnd& end, const Environment& environment) {
  Url url = parse_url(end.url);
  if (!end.password_file.empty()) url.password = read_password_file(end.password_file);
  if (!end.password_env.empty()) {
    url.password = read_password_variable(end.password_env, environment);
  }
  return url;
}

// A piece of an argument: where a password lies.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Between ':' and the last '@' that can end the user's part. Unlike parse_url this takes a '/' for
// a part of the password: what is wiped too much harms nobody.
Span user_password(std::string_view text) {
  const std::size_t start = text.find("://");
  if (start == std::string_view::npos) return {};
  const std::size_t colon = text.find(':', start + 3);
  const std::size_t at = text.rfind('@', text.find('?', start));
  if (colon == std::string_view::npos || at == std::string_view::npos || at < colon) return {};
  return {colon + 1, at};
}

Span parameter_password(std::string_view text, std::size_t from) {
  constexpr std::string_view kName = "password=";
  for (std::size_t at = text.find(kName, from); at != std::string_view::npos;
       at = text.find(kName, at + 1)) {
    if (at == 0 || (text[at - 1] != '?' && text[at - 1] != '&')) continue;
    return {at + kName.size(), std::min(text.find('&', at), text.size())};
  }
  return {};
}

void wipe(char* text) {
  const auto overwrite = [text](const Span& span) {
    std::memset(text + span.begin, 'x', span.end - span.begin);
  };
  overwrite(user_password(text));
  for (Span span = parameter_password(text, 0); span.begin != 0;
       span = parameter_password(text, span.end)) {
    overwrite(span);
  }
}

std::string without_password(const std::string& argument) {
  if (argument.starts_with('-')) return argument;
  try {
    return parse_url(argument).text();
  } catch (const Error&) {
    return argument;
  }
}

}  // namespace

Url resolve_end(const std::string& text, const Config& config, const Environment& environment) {
  if (!text.starts_with('@')) return parse_url(text);
  const std::string name = text.substr(1);
  const auto found = config.ends.find(name);
  if (found == config.ends.end()) unknown_end(name, config);
  try {
    return named_url(found->second, environment);
  } catch (Error& error) {
    error.at("end " + text);
    throw;
  }
}

bool wants_password(const Url& url) {
  return url.password.empty() && url.rest.starts_with("//");
}

void wipe_passwords(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) wipe(argv[i]);
}

std::vector<Secret> passwords_in(const std::vector<std::string>& arguments) {
  std::vector<Secret> passwords;
  for (const std::string& argument : arguments) {
    const auto add = [&](const Span& span) {
      if (span.end > span.begin) {
        passwords.emplace_back(
            std::string_view(argument).substr(span.begin, span.end - span.begin));
      }
    };
    add(user_password(argument));
    add(parameter_password(argument, 0));
  }
  return passwords;
}

Error without_passwords(const Error& error, const std::vector<Secret>& passwords) {
  const auto hidden = [&](std::string text) {
    for (const Secret& password : passwords) {
      const std::string& word = password.reveal();
      for (std::size_t at = text.find(word); at != std::string::npos;
           at = text.find(word, at + 1)) {
        text.replace(at, word.size(), "…");
      }
    }
    return text;
  };
  Error shown(error.kind(), error.code(), hidden(error.message()));
  if (!error.where().empty()) shown.at(hidden(error.where()));
  return shown.native(error.native()).hint(hidden(error.hint()));
}

std::string shell_command(const std::vector<std::string>& arguments) {
  std::string out;
  for (const std::string& argument : arguments) {
    if (argument == "--restart" || argument.starts_with("--restart=")) continue;
    if (!out.empty()) out += ' ';
    out += shell_word(without_password(argument));
  }
  return out;
}

}  // namespace rowferry
