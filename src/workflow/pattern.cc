#include "workflow/pattern.h"

#include "core/error.h"

namespace rowferry {

namespace {

// A glob as a regular expression: * any text, ? any character; all else stands for itself.
std::string glob_to_regex(const std::string& glob) {
  std::string out;
  for (const char c : glob) {
    if (c == '*') {
      out += ".*";
    } else if (c == '?') {
      out += '.';
    } else {
      if (std::string_view("\\^$.|+()[]{}").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

}  // namespace

Pattern::Pattern(const std::string& text) : text_(text) {
  const bool regex = text.size() > 1 && text.front() == '/' && text.back() == '/';
  try {
    anywhere_ = regex;
    regex_ = std::regex(regex ? text.substr(1, text.size() - 2) : glob_to_regex(text));
  } catch (const std::regex_error&) {
    throw Error(ErrorKind::usage, "selection.pattern", "not a regular expression: " + text);
  }
}

bool Pattern::matches(const TableName& name) const {
  return matches(to_string(name)) || (!name.schema.empty() && matches(name.table));
}

bool Pattern::matches(const std::string& name) const {
  return anywhere_ ? std::regex_search(name, regex_) : std::regex_match(name, regex_);
}

}  // namespace rowferry
