#include "engine/mysql/address.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "core/error.h"

namespace rowferry::mysql {

namespace {

Error invalid(const std::string& why) {
  return Error(ErrorKind::usage, "url.invalid", "not a connection URL: " + why)
      .hint("mysql://user@host:3306/database, or mysql:///database?socket=/run/mysqld/mysqld.sock");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
    if (low < 0) {
      out += text[i];
    } else {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

int number(const std::string& text, const char* what) {
  const bool digits =
      !text.empty() && text.size() < 6 &&
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
  if (!digits) throw invalid(std::string(what) + " '" + text + "' is not a number");
  return std::stoi(text);
}

Tls tls_of(const std::string& text) {
  static constexpr std::array<std::pair<std::string_view, Tls>, 4> kModes = {
      {{"disabled", Tls::disabled},
       {"required", Tls::required},
       {"verify_ca", Tls::verify_ca},
       {"verify_identity", Tls::verify_identity}}};
  for (const auto& [name, mode] : kModes) {
    if (name == text) return mode;
  }
  throw invalid("ssl-mode is one of disabled, required, verify_ca, verify_identity");
}

void read_authority(std::string_view text, Address& address) {
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) {
    address.user = decoded(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  const bool bracketed = text.starts_with('[');
  const std::size_t close = bracketed ? text.find(']') : 0;
  if (close == std::string_view::npos) throw invalid("the address has no ]");
  const std::size_t colon = text.find(':', close);
  const std::string_view host = text.substr(0, colon);
  address.host = decoded(bracketed ? host.substr(1, close - 1) : host);
  if (colon != std::string_view::npos) {
    address.port = number(std::string(text.substr(colon + 1)), "port");
  }
}

void set(const std::string& name, const std::string& value, Address& address) {
  if (name == "socket") {
    address.socket = value;
  } else if (name == "ssl-mode") {
    address.tls = tls_of(value);
  } else if (name == "ssl-ca") {
    address.ca = value;
  } else if (name == "ssl-cert") {
    address.certificate = value;
  } else if (name == "ssl-key") {
    address.key = value;
  } else if (name == "connect_timeout") {
    address.connect_seconds = number(value, "connect_timeout");
  } else {
    throw invalid("nobody knows the parameter '" + name + "'")
        .hint("known are socket, ssl-mode, ssl-ca, ssl-cert, ssl-key and connect_timeout");
  }
}

void read_parameters(std::string_view text, Address& address) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view one = text.substr(0, end);
    const std::size_t equals = std::min(one.find('='), one.size());
    const std::string_view value = equals < one.size() ? one.substr(equals + 1) : "";
    set(std::string(one.substr(0, equals)), decoded(value), address);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

Address address_of(const Url& url) {
  std::string_view rest = url.rest;
  if (!rest.starts_with("//")) throw invalid("after the scheme comes //");
  rest.remove_prefix(2);
  Address address;
  const std::size_t question = std::min(rest.find('?'), rest.size());
  if (question < rest.size()) read_parameters(rest.substr(question + 1), address);
  rest = rest.substr(0, question);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  read_authority(rest.substr(0, slash), address);
  if (slash < rest.size()) address.database = decoded(rest.substr(slash + 1));
  if (address.database.empty()) throw invalid("it names no database");
  return address;
}

}  // namespace rowferry::mysql
