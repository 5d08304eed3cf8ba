#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan.h"
#include "engine/postgres/connection.h"

namespace rowferry::postgres {

// Rows on their way into a table by COPY FROM STDIN. Borrows the connection.
class CopyIn {
 public:
  explicit CopyIn(Connection& connection) : connection_(connection) {}

  // What the rows are like that follow. Borrowed.
  void about(const TableWrite& rows, RowFormat format);
  // The rows of `batch` as the server wants them; until the next call.
  const Batch& ready(const Batch& batch);

  // Begins to load into the table of that name, quoted.
  void start(const std::string& table);
  bool open() const { return open_; }
  void put(const Batch& batch) { connection_.put_copy_data(ready(batch).bytes()); }
  // Rows that are ready.
  void put(std::span<const std::string_view> rows);
  // Throws Error{data, "rows.taken"} unless the server took just so many.
  void end(std::int64_t rows);
  void abandon();

 private:
  bool binary() const { return format_ != RowFormat::native_text; }

  Connection& connection_;
  const TableWrite* rows_ = nullptr;
  RowFormat format_ = RowFormat::cells;
  std::vector<bool> jsonb_;
  Batch versioned_;
  bool open_ = false;
};

}  // namespace rowferry::postgres
