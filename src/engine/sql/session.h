#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rowferry::sql {

using Row = std::vector<std::optional<std::string>>;
using Rows = std::vector<Row>;

// One connection that speaks SQL in text: for catalogs, ledgers and the journal, never for rows in
// bulk. One thread at a time.
class Session {
 public:
  virtual ~Session() = default;
  // Runs statements separated by semicolons; they are one transaction unless they say otherwise.
  virtual void execute(std::string_view sql) = 0;
  // Runs one statement and returns its rows. `values` are bound, in order, to $1, $2, …, written so
  // in every engine.
  virtual Rows query(std::string_view sql, std::span<const std::string> values = {}) = 0;
};

}  // namespace rowferry::sql
