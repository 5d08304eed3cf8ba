#pragma once

#include "engine/mysql/address.h"

namespace rowferry::mysql {

// What the client's own files (/etc/my.cnf, /etc/mysql/my.cnf, ~/.my.cnf, and what they include)
// say of TLS in the groups [client], [client-server], [client-mariadb] and [rowferry]. The client
// library reads users, passwords and certificates there by itself, but passes over `ssl` and
// `ssl-mode`, with which people ask for TLS.
Tls tls_of_files();

}  // namespace rowferry::mysql
