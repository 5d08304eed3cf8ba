#pragma once

#include <string>

#include "core/error.h"

namespace rowferry::mysql {

// The one place where error numbers become kinds. Numbers from 2000 are the client library's
// (errmsg.h), the others the servers' (mysqld_error.h; MySQL 8 and TiDB add some). `message` is
// shown, never decided on.
Error classified(unsigned number, const std::string& message);

}  // namespace rowferry::mysql
