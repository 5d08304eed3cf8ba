#include "engine/mysql/defaults.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "engine/mysql/cells.h"
#include "engine/mysql/fit.h"
#include "engine/mysql/types.h"

namespace rowferry::mysql {

namespace {

// Whether `text` is one piece from `open` to `close`; a string's quotes may be doubled or escaped.
bool is_enclosed(std::string_view text, char open, char close) {
  if (text.size() < 2 || text.front() != open || text.back() != close) return false;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '\'') {
      quoted = !quoted;
      // Of 'a' 'b' the first string ends before the last character; of 'a''b' it goes on.
      if (open == '\'' && !quoted && text[i + 1] != '\'') return false;
    } else if (!quoted && open == '(') {
      depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
      if (depth == 0) return false;
    }
  }
  return true;
}

std::string unwrapped(std::string text) {
  while (is_enclosed(text, '(', ')')) text = text.substr(1, text.size() - 2);
  return text;
}

bool is_now(const std::string& text) {
  const std::string small = lower(text);
  return small == "current_timestamp" || small == "now()" ||
         (small.starts_with("current_timestamp(") && small.ends_with(")"));
}

// What TiDB takes besides literals and the current time.
bool known_to_tidb(const std::string& text) {
  static constexpr std::array<std::string_view, 5> kKnown = {"uuid()", "rand()", "curdate()",
                                                             "current_date", "current_date()"};
  return std::find(kKnown.begin(), kKnown.end(), lower(text)) != kKnown.end();
}

// In the words of `server`; empty when it has none.
std::string in_words_of(const std::string& server, const Column& column) {
  std::string text = unwrapped(column.default_value->text);
  const NativeName native = parse_native(column.native);
  const bool plain = !is_long(column.native) && native.base != "json";
  const bool moment = native.base == "datetime" || native.base == "timestamp";
  if (is_now(text) && moment) {
    // As many digits of a second as the column has, or the server refuses it.
    return "CURRENT_TIMESTAMP" + (native.arguments.empty() ? "" : "(" + native.arguments + ")");
  }
  if (is_literal(text) && (plain || lower(text) == "null" || server == "mariadb")) return text;
  if (server != "tidb") return "(" + text + ")";
  return plain && known_to_tidb(text) ? "(" + text + ")" : "";
}

}  // namespace

bool is_literal(const std::string& text) {
  if (is_enclosed(text, '\'', '\'')) return true;
  const std::string small = lower(text);
  if (small == "null" || small == "true" || small == "false") return true;
  if (small.starts_with("x'") || small.starts_with("b'")) {
    return is_enclosed(std::string_view(text).substr(1), '\'', '\'');
  }
  if (small.starts_with("0x")) {
    return small.find_first_not_of("0123456789abcdef", 2) == std::string::npos;
  }
  const bool digit =
      std::any_of(small.begin(), small.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  return digit && small.find_first_not_of("0123456789.e+-") == std::string::npos &&
         small.find_first_of("+-", 1) == std::string::npos;
}

std::vector<Loss> fit_defaults(Table& table, const std::string& server) {
  std::vector<Loss> losses;
  for (Column& column : table.columns) {
    if (!column.default_value) continue;
    const std::string text = in_words_of(server, column);
    if (text.empty()) {
      losses.push_back(
          {"column.default", "column " + column.name + ": default " + column.default_value->text +
                                 ", of which the target has none for " + column.native});
      column.default_value.reset();
    } else {
      column.default_value->text = text;
    }
  }
  return losses;
}

}  // namespace rowferry::mysql
