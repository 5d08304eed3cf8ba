#include "engine/mysql/references.h"

#include "engine/mysql/dialect.h"
#include "engine/sql/ddl.h"

namespace rowferry::mysql {

void check_references(Connection& connection, const std::vector<std::string>& tables) {
  std::vector<std::string> names;
  names.reserve(tables.size());
  for (const std::string& table : tables) names.push_back(literal(table));
  const auto quoted = [](const std::string& prefix) {
    return "CONCAT('`', REPLACE(" + prefix + "table_schema, '`', '``'), '`.`', REPLACE(" + prefix +
           "table_name, '`', '``'), '`')";
  };
  const std::string list = "(" + sql::joined(names, ", ") + ")";
  const sql::Rows found = connection.query(
      "SELECT DISTINCT " + quoted("") + ", " + quoted("referenced_") +
      " FROM information_schema.key_column_usage WHERE referenced_table_name IS NOT NULL AND " +
      quoted("referenced_") + " IN " + list + " AND " + quoted("") + " NOT IN " + list);
  if (found.empty()) return;
  throw Error(ErrorKind::conflict, "table.referenced",
              "table " + found[0].at(0).value_or("") + " refers to " + found[0].at(1).value_or("") +
                  ", whose rows would go, and is not part of the copy")
      .hint("copy both, or drop the foreign key first");
}

}  // namespace rowferry::mysql
