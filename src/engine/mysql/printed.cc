#include "engine/mysql/printed.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/utf8.h"

namespace rowferry::mysql {

namespace {

// What a backslash and `c` stand for in a string.
std::string escaped(char c) {
  switch (c) {
    case '0':
      return std::string(1, '\0');
    case 'b':
      return "\b";
    case 'n':
      return "\n";
    case 'r':
      return "\r";
    case 't':
      return "\t";
    case 'Z':
      return "\x1a";
    case '%':  // for LIKE both signs stay
      return "\\\\%";
    case '_':
      return "\\\\_";
    case '\\':
      return "\\\\";
    case '\'':
      return "''";
    default:
      return std::string(1, c);
  }
}

// How much of `text` is an introducer before a string: _utf8mb4'x' is 'x' to a session in utf8mb4.
std::size_t introducer(std::string_view text) {
  static constexpr std::array<std::string_view, 3> kUnicode = {"_utf8mb4", "_utf8mb3", "_utf8"};
  for (const std::string_view name : kUnicode) {
    if (text.starts_with(name) && text.substr(name.size()).starts_with("'")) return name.size();
  }
  return 0;
}

bool word_part(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         (c & 0x80) != 0;
}

}  // namespace

std::string plain_strings(std::string_view printed) {
  std::string out;
  char open = 0;  // the quote that is open
  for (std::size_t i = 0; i < printed.size(); ++i) {
    const char c = printed[i];
    if (open == '\'' && c == '\\' && i + 1 < printed.size()) {
      out += escaped(printed[++i]);
      continue;
    }
    if (open == 0 && c == '_' && (out.empty() || !word_part(out.back()))) {
      const std::size_t length = introducer(printed.substr(i));
      if (length > 0) {
        i += length - 1;
        continue;
      }
    }
    if (open == 0 && (c == '\'' || c == '`')) {
      open = c;
    } else if (c == open) {
      open = 0;  // a doubled one opens again at once
    }
    out += c;
  }
  return out;
}

namespace {

// How much of `whole` a run of question marks of `lossy` can stand for: such marks and signs of
// four bytes.
std::size_t run_of_signs(std::string_view whole) {
  std::size_t end = 0;
  while (end < whole.size()) {
    const auto byte = static_cast<unsigned char>(whole[end]);
    if (byte != '?' && byte < 0xF0) break;
    end += byte == '?' ? 1 : 4;
  }
  return std::min(end, whole.size());
}

// The length of `lossy` at the beginning of `whole`.
std::optional<std::size_t> matched(std::string_view lossy, std::string_view whole) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < lossy.size();) {
    if (lossy[i] != '?') {
      if (at >= whole.size() || whole[at++] != lossy[i++]) return std::nullopt;
      continue;
    }
    while (i < lossy.size() && lossy[i] == '?') ++i;
    const std::size_t run = run_of_signs(whole.substr(at));
    if (run == 0) return std::nullopt;
    at += run;
  }
  return at;
}

}  // namespace

std::optional<std::string> restored(std::string_view lossy, std::string_view whole) {
  std::optional<std::string> found;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    const auto length = matched(lossy, whole.substr(at));
    if (!length) continue;
    const std::string text(whole.substr(at, *length));
    if (found && *found != text) return std::nullopt;
    found = text;
  }
  return found;
}

Expression in_mysql(std::string text) {
  return {.text = std::move(text), .flavour = "mysql", .escapes = true};
}

bool holds_outside_strings(std::string_view text, std::string_view part) {
  char open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (open == '\'' && c == '\\') {
      ++i;
    } else if (open != 0) {
      if (c == open) open = 0;
    } else if (c == '\'' || c == '`') {
      open = c;
    } else if (text.substr(i).starts_with(part)) {
      return true;
    }
  }
  return false;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '\'' || text[i + 1] == '\\');
    out += text[escape ? ++i : i];
  }
  return out;
}

std::string recoded(std::string_view text) {
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
      bytes += text[at];
    } else if ((lead == 0xC2 || lead == 0xC3) && at + 1 < text.size()) {
      bytes +=
          static_cast<char>((lead & 3U) << 6U | (static_cast<unsigned char>(text[++at]) & 63U));
    } else {
      return std::string(text);
    }
  }
  return fault_of(bytes, true) == TextFault::none ? bytes : std::string(text);
}

}  // namespace rowferry::mysql
