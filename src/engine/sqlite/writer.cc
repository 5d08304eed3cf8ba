#include "engine/sqlite/writer.h"

#include <algorithm>

#include "core/value.h"
#include "engine/sql/ddl.h"
#include "engine/sql/rejected.h"
#include "engine/sqlite/dialect.h"
#include "engine/sqlite/error.h"
#include "engine/sqlite/place.h"

namespace rowferry::sqlite {

namespace {

Kind kind_of(const TableWrite& table, std::size_t column) {
  return table.format == RowFormat::native ? Kind::dynamic : table.columns[column].wire;
}

std::vector<RejectedCell> cells_of(const TableWrite& table, std::string_view row) {
  std::vector<RejectedCell> cells;
  CellCursor cursor(row);
  const auto columns = static_cast<std::size_t>(cursor.row());
  for (std::size_t column = 0; column < columns; ++column) {
    const std::string& name = table.columns[column].name;
    const std::string_view cell = cursor.cell();
    cells.push_back(cursor.null() ? sql::null_cell(name)
                                  : sql::cell_of(name, kind_of(table, column), cell));
  }
  return cells;
}

// INSERT OR ABORT overrides ON CONFLICT clauses of the table, which could drop rows unsaid.
std::string insert_text(const TableWrite& table) {
  std::vector<std::string> names;
  std::vector<std::string> places;
  for (const ColumnWrite& column : table.columns) {
    names.push_back(quote(column.name));
    places.push_back("?");
  }
  return "INSERT OR ABORT INTO main." + quote(table.name.table) + " (" + sql::joined(names, ", ") +
         ") VALUES (" + sql::joined(places, ", ") + ")";
}

}  // namespace

SqliteWriter::SqliteWriter(const std::string& path, const EndOptions& options, RunCard run)
    : connection_(path, Access::target, options), place_(ledger_place()), run_(std::move(run)) {
  // 8 MiB hold the inner pages of the table and its indexes; the rest may spill to the file.
  connection_.run("PRAGMA cache_size = -8192");
}

void SqliteWriter::begin(const TableWrite& table, const Page& page) {
  table_ = table;
  rows_ = 0;
  bytes_ = 0;
  connection_.run("BEGIN IMMEDIATE");
  try {
    claim(page);
    prepare_insert();
    changes_before_ = sqlite3_total_changes64(connection_.get());
  } catch (...) {
    rollback();
    throw;
  }
}

// SQLite has one writer at a time: who holds the write lock sees the last run number there is.
void SqliteWriter::claim(const Page& page) {
  const sql::Rows run =
      connection_.query(sql::select_run(place_), std::vector<std::string>{run_.job});
  if (run.empty() || run[0][0] != std::to_string(run_.run)) throw sql::stale_run();
  page_ = sql::page_values(run_, table_, page);
  connection_.query(sql::insert_page(place_), page_);
  page_.resize(4);
}

void SqliteWriter::prepare_insert() {
  binders_.clear();
  insert_.emplace(connection_.get(), insert_text(table_));
  int index = 0;
  for (const ColumnWrite& column : table_.columns) {
    binders_.push_back(binder_for(column, table_.format, insert_->get(), ++index));
  }
}

void SqliteWriter::append(const Batch& batch) {
  try {
    insert_rows(batch);
  } catch (...) {
    rollback();
    throw;
  }
  rows_ += batch.rows();
  bytes_ += static_cast<std::int64_t>(batch.bytes().size());
}

void SqliteWriter::insert_rows(const Batch& batch) {
  const std::string_view bytes = batch.bytes();
  for (CellCursor cursor(bytes); !cursor.done();) {
    const auto start = static_cast<std::size_t>(cursor.position() - bytes.data());
    std::size_t column = 0;
    const Fit fit = bind_row(cursor, column);
    const int code = fit == Fit::ok ? sqlite3_step(insert_->get()) : SQLITE_OK;
    sqlite3_reset(insert_->get());
    if (code == SQLITE_DONE) continue;
    const std::string_view row = bytes.substr(start);  // and what follows it
    if (fit == Fit::ok) throw at_row(error_of(code, connection_.get(), "insert a row"), row, "");
    const Refusal& refusal = refusal_of(fit);
    throw at_row(Error(ErrorKind::data, std::string(refusal.code), std::string(refusal.reason)),
                 row, table_.columns[column].name);
  }
}

// Binds the cells of the row at the cursor; says which column did not fit.
Fit SqliteWriter::bind_row(CellCursor& cursor, std::size_t& column) {
  cursor.row();
  for (column = 0; column < binders_.size(); ++column) {
    Binder& binder = binders_[column];
    const std::string_view cell = cursor.cell();
    if (cursor.null()) {
      if (table_.columns[column].numbered) return Fit::null;
      sqlite3_bind_null(binder.statement, binder.index);
      continue;
    }
    const Fit fit = binder.bind(binder, cell);
    if (fit != Fit::ok) return fit;
  }
  return Fit::ok;
}

Error SqliteWriter::at_row(Error error, std::string_view row, const std::string& column) const {
  std::string place = "table " + to_string(table_.name);
  if (!column.empty()) place += ", column " + column;
  const std::string key = sql::key_text(cells_of(table_, row), table_.key);
  if (!key.empty()) place += ", row " + key;
  return error.at(place);
}

void SqliteWriter::commit(std::int64_t rejected) {
  try {
    commit_page(rejected);
  } catch (...) {
    rollback();
    throw;
  }
}

void SqliteWriter::commit_page(std::int64_t rejected) {
  check_taken();
  std::vector<std::string> values = page_;
  values.push_back(std::to_string(rows_));
  values.push_back(std::to_string(bytes_));
  values.push_back(std::to_string(rejected));
  connection_.query(sql::finish_page(place_), values);
  try {
    connection_.run("COMMIT");
  } catch (const Error& error) {
    // Where the transaction is still open nothing was committed; after an I/O error nobody knows.
    if (connection_.in_transaction() || error.code() != "sqlite.io") throw;
    throw Error(ErrorKind::ambiguous, "commit.unknown",
                "the file system failed while a page was being committed")
        .native(error.native())
        .hint("run the same command again: it asks the target whether the page has landed");
  }
}

void SqliteWriter::check_taken() const {
  const std::int64_t taken = sqlite3_total_changes64(connection_.get()) - changes_before_;
  if (taken == rows_) return;
  throw Error(ErrorKind::data, "rows.taken",
              "SQLite took " + std::to_string(taken) + " of " + std::to_string(rows_) + " rows")
      .at("table " + to_string(table_.name));
}

void SqliteWriter::rollback() {
  binders_.clear();
  insert_.reset();
  if (connection_.in_transaction()) connection_.run("ROLLBACK");
}

bool SqliteWriter::landed(const TableWrite& table, const Page& page) {
  std::vector<std::string> values = sql::page_values(run_, table, page);
  values.resize(4);
  return !connection_.query(sql::select_page(place_), values).empty();
}

void SqliteWriter::append_fit(const Batch& batch, Rejects& rejects) {
  std::size_t place = 0;
  for (CellCursor cursor(batch.bytes()); !cursor.done() && !rejects.full(); ++place) {
    const std::string_view row = cursor.skip_row();
    if (std::optional<Reject> reject = try_row(row)) {
      reject->place = place;
      rejects.rows.push_back(std::move(*reject));
    } else {
      ++rows_;
      bytes_ += static_cast<std::int64_t>(row.size());
    }
  }
}

// A statement that fails takes only itself back.
std::optional<Reject> SqliteWriter::try_row(std::string_view row) {
  CellCursor cursor(row);
  std::size_t column = 0;
  const Fit fit = bind_row(cursor, column);
  if (fit != Fit::ok) {
    return sql::rejected(cells_of(table_, row), table_.key, table_.columns[column].name,
                         std::string(refusal_of(fit).reason));
  }
  const int code = sqlite3_step(insert_->get());
  sqlite3_reset(insert_->get());
  if (code == SQLITE_DONE) return std::nullopt;
  const Error error = error_of(code, connection_.get(), "insert a row");
  if (error.kind() != ErrorKind::data) throw error;
  return sql::rejected(cells_of(table_, row), table_.key, "", error.message());
}

}  // namespace rowferry::sqlite
