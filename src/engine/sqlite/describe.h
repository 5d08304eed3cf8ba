#pragma once

#include <functional>
#include <memory>

#include "core/schema.h"
#include "engine/sqlite/page_file.h"
#include "engine/sqlite/session.h"

namespace rowferry::sqlite {

// All tables that `wanted` takes, in the order they were made, as the connection's open transaction
// sees them. `wal` belongs to that view. A bounded number of queries a table.
Schema describe_schema(const Connection& connection, std::shared_ptr<const Wal> wal,
                       const std::function<bool(const TableName&)>& wanted);

// A default as SQLite keeps it, as an expression: a bare or quoted name is the text of that name.
std::string default_expression(const std::string& kept);

}  // namespace rowferry::sqlite
