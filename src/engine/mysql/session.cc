#include "engine/mysql/connection.h"
#include "engine/mysql/dialect.h"
#include "engine/sql/ddl.h"

namespace rowferry::mysql {

sql::Rows Session::query(std::string_view sql, std::span<const std::string> values) {
  if (values.empty()) return connection_.query(sql);
  return connection_.query(sql::with_values(
      MysqlDialect({}), sql, std::vector<std::string>(values.begin(), values.end())));
}

}  // namespace rowferry::mysql
