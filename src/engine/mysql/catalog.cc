#include "engine/mysql/catalog.h"

#include "engine/mysql/describer.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/references.h"

namespace rowferry::mysql {

void MysqlCatalog::execute(std::string_view sql) {
  connection_.run("START TRANSACTION");
  try {
    connection_.run(sql);
  } catch (const Error&) {
    if (!connection_.lost()) connection_.run("ROLLBACK");
    throw;
  }
  connection_.run("COMMIT");
}

void MysqlCatalog::check_drop(const std::vector<TableName>& tables) {
  std::vector<std::string> names;
  for (const TableName& table : tables) names.push_back(qualified(table));
  check_references(connection_, names);
}

Schema MysqlCatalog::describe(const std::function<bool(const TableName&)>& wanted) {
  return Describer(connection_, wanted).describe();
}

std::vector<Table> MysqlCatalog::outsiders() {
  return outside_references(connection_);
}

}  // namespace rowferry::mysql
