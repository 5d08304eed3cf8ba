#pragma once

#include "engine/postgres/connection.h"
#include "engine/sql/session.h"

namespace rowferry::postgres {

class Session final : public sql::Session {
 public:
  Session(const Url& url, const EndOptions& options) : connection_(url, options) {}

  void execute(std::string_view sql) override { connection_.run(sql); }
  sql::Rows query(std::string_view sql, std::span<const std::string> values = {}) override;
  Connection& connection() { return connection_; }

 private:
  Connection connection_;
};

// The rows of a result as text.
sql::Rows rows_of(const PGresult* result);

}  // namespace rowferry::postgres
