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

std::vector<Table> outside_references(Connection& connection) {
  std::vector<Table> tables;
  connection.each(
      "SELECT k.table_schema, k.table_name, k.constraint_name, k.column_name,"
      " k.referenced_table_schema, k.referenced_table_name, k.referenced_column_name, "
      "r.update_rule,"
      " r.delete_rule FROM information_schema.key_column_usage k"
      " LEFT JOIN information_schema.referential_constraints r"
      " ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name"
      " AND r.constraint_name = k.constraint_name WHERE k.referenced_table_schema = DATABASE()"
      " AND k.table_schema <> DATABASE()"
      " ORDER BY k.table_schema, k.table_name, k.constraint_name, k.ordinal_position",
      [&](const sql::Row& row) {
        const auto text = [&](std::size_t i) { return row[i].value_or(""); };
        // What MariaDB does not tell somebody may be anything.
        const auto action = [&](std::size_t i) {
          return row[i] && *row[i] != "RESTRICT" && *row[i] != "NO ACTION" ? *row[i]
                 : row[i]                                                  ? ""
                                                                           : "CASCADE";
        };
        const TableName name{text(0), text(1)};
        if (tables.empty() || tables.back().name != name) {
          tables.emplace_back();
          tables.back().name = name;
        }
        auto& keys = tables.back().foreign_keys;
        if (keys.empty() || keys.back().name != text(2)) {
          keys.emplace_back();
          keys.back().name = text(2);
          keys.back().to = {text(4), text(5)};
          keys.back().on_update = action(7);
          keys.back().on_delete = action(8);
        }
        keys.back().columns.push_back(text(3));
        keys.back().to_columns.push_back(text(6));
      });
  return tables;
}

}  // namespace rowferry::mysql
