#include "engine/postgres/reader.h"

#include "engine/postgres/copy_format.h"
#include "engine/postgres/dialect.h"
#include "engine/postgres/types.h"
#include "engine/sql/ddl.h"

namespace rowferry::postgres {

namespace {

// The column as an expression that sends the form its cells travel in.
std::string selected(const ColumnRead& column, RowFormat format) {
  const std::string name = quote(column.name);
  const bool as_it_is = format != RowFormat::cells ||
                        (sends_kind(column.native) && to_type(column.native).kind == column.wire);
  if (as_it_is) return name;
  const std::string type = native_for({.kind = column.wire});
  return name + "::" + type;
}

class PostgresReader final : public Reader {
 public:
  explicit PostgresReader(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {
    // A page is a range of an index; without this the planner may read the whole table for each.
    connection_->run("SET LOCAL enable_seqscan = off");
  }

  // Rows leave the server as they are, so that none is ever rejected here.
  void open(const TableRead& table, const Page& page, std::vector<Reject>*) override {
    format_ = table.format;
    started_ = false;
    ended_ = false;
    connection_->start_copy("COPY (" + page_query(table, page) + ") TO STDOUT (FORMAT " +
                            format_name(format_) + ")");
  }

  bool next(Batch& batch) override {
    batch.format = format_;
    while (!ended_ && !batch.full()) {
      std::string_view row = connection_->next_copy_data();
      ended_ = row.empty();
      if (ended_) break;
      if (format_ != RowFormat::native_text && !started_) row = without_header(row);
      if (format_ != RowFormat::native_text && (row.empty() || is_trailer(row))) continue;
      batch.append_row(row);
    }
    return !batch.empty();
  }

 private:
  std::string_view without_header(std::string_view message) {
    started_ = true;
    if (!message.starts_with(kSignature)) {
      throw Error(ErrorKind::internal, "postgres.copy", "COPY data without its header");
    }
    const auto extension = load<std::uint32_t>(message.data() + kSignature.size() + 4);
    return message.substr(kHeaderBytes + extension);
  }

  std::unique_ptr<Connection> connection_;
  RowFormat format_ = RowFormat::cells;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace

std::string page_query(const TableRead& table, const Page& page) {
  const PostgresDialect dialect({});
  std::vector<std::string> columns;
  for (const ColumnRead& column : table.columns) columns.push_back(selected(column, table.format));
  TableName name = table.table.name;
  for (const Part& part : table.table.parts) {
    if (to_string(part.name) == page.part) name = part.name;
  }
  std::string sql =
      "SELECT " + sql::joined(columns, ", ") + " FROM ONLY " + sql::table_name(dialect, name);
  std::string condition = dialect.range(table.table, table.cut, page.lower, page.upper);
  if (!table.where.empty()) {
    if (!condition.empty()) condition += " AND ";
    condition += "(" + table.where + ")";
  }
  return condition.empty() ? sql : sql + " WHERE " + condition;
}

std::unique_ptr<Reader> open_reader(std::unique_ptr<Connection> connection) {
  return std::make_unique<PostgresReader>(std::move(connection));
}

}  // namespace rowferry::postgres
