#pragma once

#include <string>

#include "core/url.h"

namespace rowferry::mysql {

// unasked: by the URL; then the client's own files decide.
enum class Tls { unasked, disabled, required, verify_ca, verify_identity };

// Where a URL leads: mysql://user@host:3306/database?ssl-mode=required, or
// mysql:///database?socket=PATH. What it leaves out, the client's own files (~/.my.cnf, groups
// [client] and [rowferry]) and MYSQL_PWD fill in.
struct Address {
  std::string user;
  std::string host;
  int port = 0;
  std::string socket;
  std::string database;
  Tls tls = Tls::unasked;
  std::string ca;
  std::string certificate;
  std::string key;
  int connect_seconds = 10;
};

// Throws Error{usage} for a URL that names no database, or parameters that nobody knows.
Address address_of(const Url& url);

}  // namespace rowferry::mysql
