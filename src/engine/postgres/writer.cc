#include "engine/postgres/writer.h"

#include <charconv>

#include "core/value.h"
#include "engine/postgres/copy_in.h"
#include "engine/postgres/dialect.h"
#include "engine/postgres/place.h"
#include "engine/postgres/session.h"
#include "engine/postgres/types.h"
#include "engine/sql/ddl.h"
#include "engine/sql/rejected.h"

namespace rowferry::postgres {

namespace {

// The rows of a batch, each a view into it.
std::vector<std::string_view> rows_in(const Batch& batch) {
  std::vector<std::string_view> rows;
  rows.reserve(static_cast<std::size_t>(batch.rows()));
  std::string_view bytes = batch.bytes();
  if (batch.format != RowFormat::native_text) {
    for (CellCursor cursor(bytes); !cursor.done();) rows.push_back(cursor.skip_row());
    return rows;
  }
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n') + 1;
    rows.push_back(bytes.substr(0, end));
    bytes.remove_prefix(end);
  }
  return rows;
}

// A field of COPY's text format as it is without escapes.
std::string unescaped(std::string_view field) {
  static constexpr std::string_view kLetters = "bfnrtv";
  static constexpr std::string_view kSigns = "\b\f\n\r\t\v";
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] == '\\' && i + 1 < field.size()) {
      const std::size_t known = kLetters.find(field[++i]);
      text += known == std::string_view::npos ? field[i] : kSigns[known];
    } else {
      text += field[i];
    }
  }
  return text;
}

// A field of the text format as it is told of: bytes as bytes.
RejectedCell told(const ColumnWrite& column, std::string_view field) {
  if (field == "\\N") return sql::null_cell(column.name);
  const std::string text = unescaped(field);
  if (column.native != "bytea" || !text.starts_with("\\x"))
    return sql::text_cell(column.name, text);
  std::string bytes;
  for (std::size_t at = 2; at + 1 < text.size(); at += 2) {
    unsigned char byte = 0;
    std::from_chars(text.data() + at, text.data() + at + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return sql::bytes_cell(column.name, bytes);
}

std::vector<RejectedCell> cells_of_line(const TableWrite& table, std::string_view line) {
  std::vector<RejectedCell> cells;
  for (const ColumnWrite& column : table.columns) {
    const std::size_t end = line.find_first_of("\t\n");
    const std::string_view field = line.substr(0, end);
    line.remove_prefix(std::min(line.size(), field.size() + 1));
    cells.push_back(told(column, field));
  }
  return cells;
}

// A cell as the server is sent it.
RejectedCell cell_of(const ColumnWrite& column, RowFormat format, std::string_view cell) {
  if (format == RowFormat::cells) {
    const bool versioned = column.native == "jsonb";
    return sql::cell_of(column.name, column.wire, versioned ? cell.substr(1) : cell);
  }
  return sends_kind(column.native)
             ? sql::cell_of(column.name, postgres::to_type(column.native).kind, cell)
             : sql::bytes_cell(column.name, cell);
}

std::vector<RejectedCell> cells_of(const TableWrite& table, std::string_view row) {
  if (table.format == RowFormat::native_text) return cells_of_line(table, row);
  std::vector<RejectedCell> cells;
  CellCursor cursor(row);
  cursor.row();
  for (const ColumnWrite& column : table.columns) {
    const std::string_view cell = cursor.cell();
    cells.push_back(cursor.null() ? sql::null_cell(column.name)
                                  : cell_of(column, table.format, cell));
  }
  return cells;
}

class PostgresWriter final : public Writer {
 public:
  PostgresWriter(const Url& url, const EndOptions& options, RunCard run)
      : session_(url, options),
        dialect_({}),
        place_(find_place(session_)),
        run_(std::move(run)),
        copy_(session_.connection()) {}

  void begin(const TableWrite& table, const Page& page) override {
    table_ = &table;
    values_ = sql::page_values(run_, table, page);
    copy_.about(table, table.format);
    at_once_.reset();
    rows_ = 0;
    bytes_ = 0;
    in_transaction_ = true;
    or_roll_back([&] { claim(); });
  }

  void append(const Batch& batch) override {
    or_roll_back([&] {
      if (!copy_.open()) copy_.start(sql::table_name(dialect_, table_->name));
      copy_.put(batch);
    });
    rows_ += batch.rows();
    bytes_ += static_cast<std::int64_t>(batch.bytes().size());
  }

  void append_fit(const Batch& batch, Rejects& rejects) override {
    const std::vector<std::string_view> rows = rows_in(copy_.ready(batch));
    first_row_ = rows.data();
    if (!at_once_) at_once_ = keys_at_once();
    append_rows(rows, rejects);
  }

  void commit(std::int64_t rejected) override {
    or_roll_back([&] { commit_page(rejected); });
  }

  void rollback() override {
    if (PQstatus(connection().raw()) != CONNECTION_OK) return;
    copy_.abandon();
    if (in_transaction_) connection().run("ROLLBACK");
    in_transaction_ = false;
  }

  bool landed(const TableWrite& table, const Page& page) override {
    std::vector<std::string> values = sql::page_values(run_, table, page);
    values.resize(4);
    return !session_.query(sql::select_page(place_), values).empty();
  }

 private:
  Connection& connection() { return session_.connection(); }

  template <typename Work>
  void or_roll_back(const Work& work) {
    try {
      work();
    } catch (const Error&) {
      try {
        rollback();
      } catch (const Error&) {
        // The connection is gone, and with it the transaction; the first error says why.
      }
      throw;
    }
  }

  void claim() {
    Result result;
    try {
      result = connection().run(
          "BEGIN; " + sql::with_values(dialect_, sql::insert_page(place_), values_) + "; " +
          sql::with_values(dialect_, sql::select_run(place_), {run_.job}));
    } catch (const Error& error) {
      if (error.native() != "23505") throw;
      // The row waited for a commit that a lost connection had left behind; asked again, the target
      // says so.
      throw Error(ErrorKind::transient, "page.landed", "an earlier attempt has landed the page");
    }
    const bool ours =
        PQntuples(result.get()) == 1 && std::atoll(PQgetvalue(result.get(), 0, 0)) == run_.run;
    if (!ours) throw sql::stale_run();
    if (table_->keys_proven_later) set_keys_aside();
  }

  void commit_page(std::int64_t rejected) {
    if (copy_.open()) copy_.end(rows_);
    std::vector<std::string> values(values_.begin(), values_.begin() + 4);
    values.push_back(std::to_string(rows_));
    values.push_back(std::to_string(bytes_));
    values.push_back(std::to_string(rejected));
    Result result;
    try {
      result = connection().run(sql::with_values(dialect_, sql::finish_page(place_), values) +
                                "; COMMIT");
    } catch (const Error& error) {
      const bool lost = PQstatus(connection().raw()) != CONNECTION_OK;
      if (error.kind() != ErrorKind::transient || !lost) throw;
      throw Error(ErrorKind::ambiguous, "commit.unknown",
                  "the connection was lost while a page was being committed")
          .hint("run the same command again: it asks the target whether the page has landed");
    }
    in_transaction_ = false;
    if (std::string_view(PQcmdStatus(result.get())) != "COMMIT") {
      throw Error(ErrorKind::internal, "commit.refused", "the server rolled a page back");
    }
  }

  void set_keys_aside() {
    try {
      connection().run("SET LOCAL session_replication_role = replica");
    } catch (Error& error) {
      throw error.hint(
          "the target's foreign keys would refuse rows that come before those they refer to: let "
          "this"
          " user SET session_replication_role (a superuser may GRANT it), or drop the foreign keys "
          "for"
          " the load");
    }
  }

  // Has unique keys that the table puts off to the commit proven where the row at fault can be
  // told.
  std::string keys_at_once() {
    const Result names = connection().run(
        "SELECT pg_catalog.string_agg(pg_catalog.format('%I.%I', n.nspname, c.conname), ', ')"
        " FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace"
        " WHERE c.condeferred AND c.contype IN ('p', 'u', 'x') AND c.conrelid = " +
        literal(sql::table_name(dialect_, table_->name)) + "::regclass");
    if (PQgetisnull(names.get(), 0, 0) != 0) return "";
    return std::string("SET CONSTRAINTS ") + PQgetvalue(names.get(), 0, 0) + " IMMEDIATE; ";
  }

  // Appends the rows in a savepoint; those that cannot land are found by halving. What can land
  // stays in the transaction, so that duplicates among the rows themselves show.
  void append_rows(std::span<const std::string_view> rows, Rejects& rejects) {
    if (rows.empty() || rejects.full()) return;
    connection().run("SAVEPOINT rowferry_fit");
    try {
      copy_.start(sql::table_name(dialect_, table_->name));
      copy_.put(rows);
      copy_.end(static_cast<std::int64_t>(rows.size()));
      connection().run(*at_once_ + "RELEASE SAVEPOINT rowferry_fit");
      rows_ += static_cast<std::int64_t>(rows.size());
      for (const std::string_view row : rows) bytes_ += static_cast<std::int64_t>(row.size());
      return;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::data && error.kind() != ErrorKind::schema) throw;
      connection().run("ROLLBACK TO SAVEPOINT rowferry_fit");
      if (rows.size() == 1) {
        rejects.rows.push_back(
            sql::rejected(cells_of(*table_, rows[0]), table_->key, "", error.message()));
        rejects.rows.back().place = static_cast<std::size_t>(rows.data() - first_row_);
        return;
      }
    }
    append_rows(rows.first(rows.size() / 2), rejects);
    append_rows(rows.subspan(rows.size() / 2), rejects);
  }

  Session session_;
  PostgresDialect dialect_;
  sql::LedgerPlace place_;
  RunCard run_;
  CopyIn copy_;
  const TableWrite* table_ = nullptr;
  std::vector<std::string> values_;
  std::optional<std::string> at_once_;
  const std::string_view* first_row_ = nullptr;  // of the batch that append_fit() looks at
  std::int64_t rows_ = 0;
  std::int64_t bytes_ = 0;
  bool in_transaction_ = false;
};

}  // namespace

std::unique_ptr<Writer> open_writer(const Url& url, const EndOptions& options, const RunCard& run) {
  return std::make_unique<PostgresWriter>(url, options, run);
}

}  // namespace rowferry::postgres
