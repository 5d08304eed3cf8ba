#include "engine/postgres/session.h"

namespace rowferry::postgres {

sql::Rows rows_of(const PGresult* result) {
  sql::Rows rows(static_cast<std::size_t>(PQntuples(result)));
  const int columns = PQnfields(result);
  for (std::size_t at = 0; at < rows.size(); ++at) {
    rows[at].resize(static_cast<std::size_t>(columns));
    for (int column = 0; column < columns; ++column) {
      const int row = static_cast<int>(at);
      if (PQgetisnull(result, row, column) != 0) continue;
      rows[at][static_cast<std::size_t>(column)] =
          std::string(PQgetvalue(result, row, column),
                      static_cast<std::size_t>(PQgetlength(result, row, column)));
    }
  }
  return rows;
}

sql::Rows Session::query(std::string_view sql, std::span<const std::string> values) {
  std::vector<const char*> pointers;
  for (const std::string& value : values) pointers.push_back(value.c_str());
  return rows_of(connection_.run(sql, pointers.data(), static_cast<int>(pointers.size())).get());
}

}  // namespace rowferry::postgres
