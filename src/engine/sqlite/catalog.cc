#include "engine/sqlite/catalog.h"

#include "engine/sqlite/describe.h"
#include "engine/sqlite/dialect.h"
#include "engine/sqlite/references.h"
#include "engine/sqlite/snapshot.h"

namespace rowferry::sqlite {

Schema SqliteCatalog::describe(const std::function<bool(const TableName&)>& wanted) {
  if (lease_->in_transaction()) {
    return describe_schema(*lease_, wal_ ? wal_ : wal_of(*lease_), wanted);
  }
  lease_->run("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1");
  try {
    Schema schema = describe_schema(*lease_, wal_of(*lease_), wanted);
    lease_->run("COMMIT");
    return schema;
  } catch (...) {
    if (lease_->in_transaction()) lease_->run("ROLLBACK");
    throw;
  }
}

void SqliteCatalog::check_drop(const std::vector<TableName>& tables) {
  std::vector<std::string> names;
  names.reserve(tables.size());
  for (const TableName& table : tables) names.push_back(quote(table.table));
  refuse_references(query(references_to(names)));
}

void SqliteCatalog::execute(std::string_view sql) {
  in_transaction(*lease_, [&] { lease_->run(sql); });
}

}  // namespace rowferry::sqlite
