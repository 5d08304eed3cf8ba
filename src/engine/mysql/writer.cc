#include "engine/mysql/writer.h"

#include "engine/mysql/dialect.h"
#include "engine/mysql/error.h"
#include "engine/mysql/place.h"
#include "engine/sql/ddl.h"
#include "engine/sql/rejected.h"

namespace rowferry::mysql {

MysqlWriter::MysqlWriter(const Url& url, const EndOptions& options, RunCard run)
    : session_(url, options),
      place_(find_place(session_)),
      run_(std::move(run)),
      loader_(connection()) {
  checks_late_ = connection().product() == Product::tidb;
  connection().run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
}

template <typename Work>
void MysqlWriter::or_roll_back(const Work& work) {
  try {
    work();
  } catch (const Error&) {
    try {
      rollback();
    } catch (const Error&) {  // the connection is gone, and with it the transaction
    }
    throw;
  }
}

void MysqlWriter::begin(const TableWrite& table, const Page& page) {
  table_ = &table;
  values_ = sql::page_values(run_, table, page);
  loader_.about(table, table.format);
  rows_ = 0;
  bytes_ = 0;
  in_transaction_ = true;
  or_roll_back([&] { claim(); });
}

void MysqlWriter::claim() {
  const MysqlDialect dialect({});
  try {
    connection().run("START TRANSACTION; " +
                     sql::with_values(dialect, sql::insert_page(place_), values_));
  } catch (const Error& error) {
    if (error.native() != "1062") throw;
    // The row waited for a commit that a lost connection had left behind; asked again, the target
    // says so.
    throw Error(ErrorKind::transient, "page.landed", "an earlier attempt has landed the page");
  }
  if (!checks_late_) check_run();
}

void MysqlWriter::check_run() {
  const std::string run =
      connection().value(sql::with_values(MysqlDialect({}), sql::select_run(place_), {run_.job}));
  if (run != std::to_string(run_.run)) throw sql::stale_run();
}

void MysqlWriter::append(const Batch& batch) {
  or_roll_back([&] { loader_.append(batch); });
  rows_ += batch.rows();
  bytes_ += static_cast<std::int64_t>(batch.bytes().size());
}

void MysqlWriter::commit(std::int64_t rejected) {
  or_roll_back([&] {
    std::vector<std::string> values(values_.begin(), values_.begin() + 4);
    values.push_back(std::to_string(rows_));
    values.push_back(std::to_string(bytes_));
    values.push_back(std::to_string(rejected));
    connection().run(sql::with_values(MysqlDialect({}), sql::finish_page(place_), values));
    if (checks_late_) check_run();
    try {
      connection().run("COMMIT");
    } catch (const Error& error) {
      if (error.code() != "connection.lost") throw;
      throw Error(ErrorKind::ambiguous, "commit.unknown",
                  "the connection was lost while a page was being committed")
          .hint("run the same command again: it asks the target whether the page has landed");
    }
    in_transaction_ = false;
  });
}

void MysqlWriter::rollback() {
  if (!in_transaction_ || connection().lost()) return;
  in_transaction_ = false;
  connection().run("ROLLBACK");
}

bool MysqlWriter::landed(const TableWrite& table, const Page& page) {
  std::vector<std::string> values = sql::page_values(run_, table, page);
  values.resize(4);
  return !session_.query(sql::select_page(place_), values).empty();
}

std::vector<RejectedCell> MysqlWriter::cells_of(std::string_view row) const {
  std::vector<RejectedCell> cells;
  CellCursor cursor(row);
  cursor.row();
  for (const Field& field : loader_.fields()) {
    const std::string_view cell = cursor.cell();
    cells.push_back(cursor.null() ? sql::null_cell(field.name()) : field.shown(cell));
  }
  return cells;
}

// Servers of this family tell it in words only.
std::string MysqlWriter::column_at_fault(std::string_view message) const {
  const auto said = [&](const std::string& text) {
    return message.find(text) != std::string_view::npos;
  };
  for (const Field& field : loader_.fields()) {
    const std::string& name = field.name();
    const bool named = said("olumn '" + name + "'") || said("." + quote(name) + " at row") ||
                       said("olumn '" + table_->name.table + "." + name + "'") ||
                       said("column " + name + " takes no NULL");
    if (named) return name;
  }
  return "";
}

void MysqlWriter::append_fit(const Batch& batch, Rejects& rejects) {
  std::vector<std::string_view> rows;
  for (CellCursor cursor(batch.bytes()); !cursor.done();) rows.push_back(cursor.skip_row());
  first_row_ = rows.data();
  append_rows(rows, rejects);
}

// Appends neighbouring rows by strict INSERT in a savepoint; those that cannot land are found by
// halving.
void MysqlWriter::append_rows(std::span<const std::string_view> rows, Rejects& rejects) {
  if (rows.empty() || rejects.full()) return;
  const char* const begin = rows.front().data();
  const char* const end = rows.back().data() + rows.back().size();
  connection().run("SAVEPOINT rowferry_fit");
  try {
    loader_.insert({begin, static_cast<std::size_t>(end - begin)});
    connection().run("RELEASE SAVEPOINT rowferry_fit");
    rows_ += static_cast<std::int64_t>(rows.size());
    bytes_ += end - begin;
    return;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    connection().run("ROLLBACK TO SAVEPOINT rowferry_fit");
    if (rows.size() == 1) {
      if (loader_.insert_outside(rows[0])) {
        ++rows_;
        bytes_ += end - begin;
        return;
      }
      rejects.rows.push_back(sql::rejected(cells_of(rows[0]), table_->key,
                                           column_at_fault(error.message()), error.message()));
      rejects.rows.back().place = static_cast<std::size_t>(rows.data() - first_row_);
      return;
    }
  }
  append_rows(rows.first(rows.size() / 2), rejects);
  append_rows(rows.subspan(rows.size() / 2), rejects);
}

}  // namespace rowferry::mysql
