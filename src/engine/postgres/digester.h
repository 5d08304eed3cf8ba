#pragma once

#include <memory>

#include "engine/engine.h"
#include "engine/postgres/connection.h"

namespace rowferry::postgres {

// Sums up rows by hash_record_extended(), all pages of a call in one scan where they are cut by one
// column, or takes the MD5 of each page's images in the order of its index.
std::unique_ptr<Digester> open_digester(std::unique_ptr<Connection> connection);

}  // namespace rowferry::postgres
