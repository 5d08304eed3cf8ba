#include "core/url.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "core/error.h"

namespace rowferry {

namespace {

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() &&
                        std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
                        std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0;
    if (escape) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// "user:se/cret@host": read as it stands, half of the password would be a path, and be printed.
void refuse_raw_password(const std::string& rest, std::size_t colon, std::size_t end) {
  const std::string port = rest.substr(colon + 1, end - colon - 1);
  const bool number = port.find_first_not_of("0123456789,:[]") == std::string::npos;
  if (number || rest.find('@', end) == std::string::npos) return;
  throw Error(ErrorKind::usage, "url.password", "the password in a URL holds a '/' or a '?'")
      .hint(
          "write '/' as %2F, '?' as %3F, '@' as %40; or leave the password out and use"
          " --ask-password");
}

// Takes "user:password@" apart: the password leaves `rest`.
void take_user_password(std::string& rest, Secret& password) {
  if (!rest.starts_with("//")) return;
  const std::size_t end = std::min(rest.find_first_of("/?", 2), rest.size());
  const std::size_t at = rest.rfind('@', end);
  const std::size_t colon = rest.find(':', 2);
  if (at == std::string::npos && colon < end) refuse_raw_password(rest, colon, end);
  if (at == std::string::npos || colon == std::string::npos || colon > at) return;
  password = Secret(percent_decoded(std::string_view(rest).substr(colon + 1, at - colon - 1)));
  rest.erase(colon, at - colon);
}

// Takes "password=…" out of the parameters after '?'.
void take_parameter_password(std::string& rest, Secret& password) {
  const std::size_t question = rest.find('?');
  if (question == std::string::npos) return;
  for (std::size_t at = question; at != std::string::npos; at = rest.find('&', at + 1)) {
    if (rest.compare(at + 1, 9, "password=") != 0) continue;
    const std::size_t end = std::min(rest.find('&', at + 1), rest.size());
    password = Secret(percent_decoded(std::string_view(rest).substr(at + 10, end - at - 10)));
    const bool last = end == rest.size();
    rest.erase(last ? at : at + 1, last ? end - at : end - at);
    return;
  }
}

}  // namespace

Secret::~Secret() {
  if (!text_.empty()) explicit_bzero(text_.data(), text_.size());
}

Url parse_url(std::string_view text) {
  const std::size_t colon = text.find(':');
  const bool named = colon != std::string_view::npos && colon > 1 &&
                     std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon),
                                 [](unsigned char c) { return std::isalnum(c) != 0 || c == '+'; });
  if (!named) {
    throw Error(ErrorKind::usage, "url.scheme",
                "'" + std::string(text.substr(0, text.find('@'))) + "' names no kind of database")
        .hint("write it as SCHEME:REST; `rowferry copy --help` shows examples");
  }
  Url url;
  url.scheme = text.substr(0, colon);
  url.rest = text.substr(colon + 1);
  take_user_password(url.rest, url.password);
  take_parameter_password(url.rest, url.password);
  return url;
}

}  // namespace rowferry
