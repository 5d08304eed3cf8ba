#pragma once

#include <memory>

#include "engine/engine.h"
#include "engine/postgres/connection.h"

namespace rowferry::postgres {

// Reads pages by COPY TO STDOUT: binary tuples, which are batches already, or text lines.
std::unique_ptr<Reader> open_reader(std::unique_ptr<Connection> connection);

// The query of a page, without COPY around it.
std::string page_query(const TableRead& table, const Page& page);

}  // namespace rowferry::postgres
