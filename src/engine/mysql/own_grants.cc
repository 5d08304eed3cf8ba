#include "engine/mysql/own_grants.h"

namespace rowferry::mysql {

// Some servers name what comes by roles only when asked.
Grants own_grants(Connection& connection) {
  std::string sql = "SHOW GRANTS";
  if (connection.product() != Product::mariadb) {
    const std::string role = connection.value("SELECT CURRENT_ROLE()");
    if (!role.empty() && role != "NONE") sql += " FOR CURRENT_USER() USING " + role;
  }
  Grants grants;
  for (const sql::Row& row : connection.query(sql)) grants.add(row.at(0).value_or(""));
  return grants;
}

}  // namespace rowferry::mysql
