#include "engine/postgres/copy_in.h"

#include <algorithm>

#include "engine/postgres/copy_format.h"
#include "engine/postgres/dialect.h"
#include "engine/sql/ddl.h"

namespace rowferry::postgres {

namespace {

// The columns whose cells need jsonb's version byte before the text they travel as.
std::vector<bool> jsonb_columns(const TableWrite& table, RowFormat format) {
  std::vector<bool> marked;
  bool any = false;
  for (const ColumnWrite& column : table.columns) {
    marked.push_back(format == RowFormat::cells && column.native == "jsonb");
    any = any || marked.back();
  }
  return any ? marked : std::vector<bool>{};
}

void add_versions(const Batch& batch, const std::vector<bool>& jsonb, Batch& out) {
  out.clear();
  for (CellCursor cursor(batch.bytes()); !cursor.done();) {
    const int columns = cursor.row();
    out.begin_row(columns);
    for (int column = 0; column < columns; ++column) {
      const std::string_view cell = cursor.cell();
      if (cursor.null()) {
        out.add_null();
      } else if (jsonb[static_cast<std::size_t>(column)]) {
        char* to = out.add_cell(cell.size() + 1);
        *to = 1;
        std::copy(cell.begin(), cell.end(), to + 1);
      } else {
        out.add_cell(cell);
      }
    }
    out.end_row();
  }
}

}  // namespace

void CopyIn::about(const TableWrite& rows, RowFormat format) {
  rows_ = &rows;
  format_ = format;
  jsonb_ = jsonb_columns(rows, format);
}

const Batch& CopyIn::ready(const Batch& batch) {
  if (jsonb_.empty()) return batch;
  add_versions(batch, jsonb_, versioned_);
  return versioned_;
}

void CopyIn::start(const std::string& table) {
  std::vector<std::string> names;
  for (const ColumnWrite& column : rows_->columns) names.push_back(column.name);
  connection_.start_copy("COPY " + table + " (" + sql::column_list(PostgresDialect({}), names) +
                         ") FROM STDIN (FORMAT " + format_name(format_) + ")");
  open_ = true;
  if (binary()) connection_.put_copy_data(kHeader);
}

void CopyIn::put(std::span<const std::string_view> rows) {
  for (const std::string_view row : rows) connection_.put_copy_data(row);
}

void CopyIn::end(std::int64_t rows) {
  if (binary()) connection_.put_copy_data(kTrailer);
  open_ = false;
  const std::int64_t taken = connection_.end_copy_in();
  if (taken == rows) return;
  throw Error(ErrorKind::data, "rows.taken",
              "the server took " + std::to_string(taken) + " of " + std::to_string(rows) + " rows")
      .hint("a trigger or rule on the target table drops rows: disable it for the load");
}

void CopyIn::abandon() {
  if (open_) connection_.abandon_copy_in();
  open_ = false;
}

}  // namespace rowferry::postgres
