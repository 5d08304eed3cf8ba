#include "engine/sqlite/references.h"

#include "core/error.h"
#include "engine/sql/ddl.h"
#include "engine/sqlite/dialect.h"

namespace rowferry::sqlite {

std::string references_to(const std::vector<std::string>& tables) {
  std::vector<std::string> names;
  names.reserve(tables.size());
  for (const std::string& table : tables) names.push_back(literal(table));
  const std::string list = "(" + sql::joined(names, ", ") + ")";
  const auto quoted = [](const std::string& name) {
    return "('\"' || replace(" + name + ", '\"', '\"\"') || '\"') COLLATE NOCASE";
  };
  return "SELECT m.name, f.\"table\" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f"
         " WHERE m.type = 'table' AND (" +
         quoted("f.\"table\"") + ") IN " + list + " AND (" + quoted("m.name") + ") NOT IN " + list;
}

void refuse_references(const sql::Rows& found) {
  if (found.empty()) return;
  throw Error(ErrorKind::conflict, "table.referenced",
              "table " + found[0].at(0).value_or("") + " refers to " + found[0].at(1).value_or("") +
                  ", whose rows would go, and is not part of the copy")
      .hint("copy both, or drop the foreign key first");
}

}  // namespace rowferry::sqlite
