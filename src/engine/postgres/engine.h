#pragma once

#include "engine/engine.h"

namespace rowferry::postgres {

// PostgreSQL 12 to 18.
Engine engine();

}  // namespace rowferry::postgres
