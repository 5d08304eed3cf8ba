#include "engine/mysql/option_files.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace rowferry::mysql {

namespace {

namespace fs = std::filesystem;

constexpr int kDeepest = 10;  // files that include files

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_ours(const std::string& group) {
  return group == "client" || group == "client-server" || group == "client-mariadb" ||
         group == "rowferry";
}

bool turned_on(const std::string& value) {
  return value.empty() || value == "1" || value == "on" || value == "true";
}

// What one option says; later ones override earlier ones.
Tls read_option(std::string name, const std::string& value, Tls before) {
  std::replace(name.begin(), name.end(), '_', '-');
  for (const std::string_view prefix : {"loose-", "enable-"}) {
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
  }
  if (name == "skip-ssl" || name == "disable-ssl") return Tls::unasked;
  if (name == "ssl" || name == "ssl-enforce") {
    return turned_on(value) ? std::max(before, Tls::required) : Tls::unasked;
  }
  if (name == "ssl-mode") {
    if (value == "required") return Tls::required;
    if (value == "verify-ca" || value == "verify_ca") return Tls::verify_ca;
    return value.starts_with("verify") ? Tls::verify_identity : Tls::unasked;
  }
  if (name == "ssl-verify-server-cert") {
    return turned_on(value) ? Tls::verify_identity : before;
  }
  const bool names_file = name == "ssl-ca" || name == "ssl-capath" || name == "ssl-cert";
  return names_file ? std::max(before, Tls::required) : before;
}

Tls read_file(const fs::path& path, Tls found, int depth) {
  std::ifstream file(path);
  bool ours = false;
  for (std::string line; depth < kDeepest && std::getline(file, line);) {
    line = trimmed(line);
    if (line.starts_with('[')) {
      ours = is_ours(lower(trimmed(line.substr(1, line.find(']') - 1))));
    } else if (line.starts_with("!includedir")) {
      std::vector<fs::path> inside;
      std::error_code error;
      for (const auto& entry : fs::directory_iterator(trimmed(line.substr(11)), error)) {
        if (entry.path().extension() == ".cnf") inside.push_back(entry.path());
      }
      std::sort(inside.begin(), inside.end());
      for (const fs::path& one : inside) found = read_file(one, found, depth + 1);
    } else if (line.starts_with("!include")) {
      found = read_file(trimmed(line.substr(8)), found, depth + 1);
    } else if (ours && !line.empty() && line[0] != '#' && line[0] != ';') {
      const std::size_t equals = std::min(line.find('='), line.size());
      const std::string value = equals < line.size() ? trimmed(line.substr(equals + 1)) : "";
      found = read_option(lower(trimmed(line.substr(0, equals))), lower(value), found);
    }
  }
  return found;
}

}  // namespace

Tls tls_of_files() {
  Tls found = Tls::unasked;
  for (const char* path : {"/etc/my.cnf", "/etc/mysql/my.cnf"}) found = read_file(path, found, 0);
  if (const char* home = std::getenv("HOME"))
    found = read_file(fs::path(home) / ".my.cnf", found, 0);
  return found;
}

}  // namespace rowferry::mysql
