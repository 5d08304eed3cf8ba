#pragma once

#include "engine/engine.h"

namespace rowferry::mysql {

// MySQL, MariaDB and TiDB: one engine, whose facts tell what the server is.
Engine engine();

}  // namespace rowferry::mysql
