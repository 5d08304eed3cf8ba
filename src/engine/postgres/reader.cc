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
  // concat() prints as the type's output function does, where a cast may add to it (inet). IS NOT
  // NULL would be false for a composite value that has a NULL in it.
  if (column.wire == Kind::text) {
    return "CASE WHEN pg_catalog.num_nonnulls(" + name + ") > 0 THEN pg_catalog.concat(" + name +
           ") END";
  }
  const std::string type = native_for({.kind = column.wire});
  const bool numbered = column.wire == Kind::int64;  // xid and cid are cast to nothing but text
  return name + (numbered ? "::text::" : "::") + type;
}

class PostgresReader final : public Reader {
 public:
  explicit PostgresReader(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {
    // A page is a range of an index; without this the planner may read the whole table for each.
    connection_->run("SET LOCAL enable_seqscan = off");
  }

  // Rows leave the server as they are, so that none is ever rejected here.
  void open(const TableRead& table, const Page& page, Rejects*) override {
    format_ = table.format;
    started_ = false;
    ended_ = false;
    table_ = sql::table_name(PostgresDialect({}), stored_name(table.table, page.part));
    connection_->start_copy("SAVEPOINT rowferry_page; COPY (" + page_query(table, page) +
                            ") TO STDOUT (FORMAT " + format_name(format_) + ")");
  }

  bool next(Batch& batch) override {
    batch.format = format_;
    while (!ended_ && !batch.full()) {
      std::string_view row = connection_->next_copy_data();
      ended_ = row.empty();
      if (ended_) end_page();
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

  // A table that was emptied or rewritten since the snapshot reads as empty or short under it: the
  // catalog as of the snapshot then names another file than the present one. Ending the savepoint
  // gives the table's lock back, so that ten thousand tables do not fill the server's lock table.
  void end_page() {
    const Result same = connection_->run_for_rows(
        "SELECT coalesce(pg_catalog.pg_relation_filenode(c.oid) = c.relfilenode, c.relkind = 'f')"
        " FROM pg_catalog.pg_class c"
        " WHERE c.oid = " +
        literal(table_) +
        "::regclass; ROLLBACK TO SAVEPOINT rowferry_page; RELEASE SAVEPOINT rowferry_page");
    if (PQntuples(same.get()) != 1 || std::string_view(PQgetvalue(same.get(), 0, 0)) != "t") {
      throw Error(
          ErrorKind::schema, "table.rewritten",
          "the table was emptied or rewritten after the snapshot was taken, so that its rows"
          " cannot be read any more")
          .hint("run the same command again with --restart: it takes a new snapshot");
    }
  }

  std::unique_ptr<Connection> connection_;
  std::string table_;
  RowFormat format_ = RowFormat::cells;
  bool started_ = false;
  bool ended_ = false;
};

}  // namespace

std::string page_query(const TableRead& table, const Page& page) {
  const PostgresDialect dialect({});
  std::vector<std::string> columns;
  for (const ColumnRead& column : table.columns) columns.push_back(selected(column, table.format));
  std::string sql = "SELECT " + sql::joined(columns, ", ") + " FROM ONLY " +
                    sql::table_name(dialect, stored_name(table.table, page.part));
  std::string condition = dialect.range(table.table, table.cut, page.lower, page.upper);
  if (!table.where.empty()) {
    if (!condition.empty()) condition += " AND ";
    condition += "(" + table.where + "\n)";  // a comment may end it
  }
  if (!condition.empty()) sql += " WHERE " + condition;
  return table.ordered ? sql + " ORDER BY " + sql::column_list(dialect, table.cut.columns) : sql;
}

std::unique_ptr<Reader> open_reader(std::unique_ptr<Connection> connection) {
  return std::make_unique<PostgresReader>(std::move(connection));
}

}  // namespace rowferry::postgres
