#include "engine/mysql/writer.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "engine/mysql/dialect.h"
#include "engine/mysql/error.h"
#include "engine/mysql/place.h"
#include "engine/sql/ddl.h"
#include "engine/sql/rejected.h"

namespace rowferry::mysql {

namespace {

constexpr std::size_t kMostKept = 4 << 20;  // bytes of a buffer that the next batch may use again
constexpr std::size_t kSlack = 64 << 10;

// What the client library asks for while LOAD DATA LOCAL runs.
struct Source {
  std::string_view rest;
};

int begin_reading(void** reader, const char*, void* source) {
  *reader = source;
  return 0;
}

int read_some(void* reader, char* to, unsigned int size) {
  auto& rest = static_cast<Source*>(reader)->rest;
  const std::size_t count = std::min<std::size_t>(size, rest.size());
  std::memcpy(to, rest.data(), count);
  rest.remove_prefix(count);
  return static_cast<int>(count);
}

void end_reading(void*) {}

int reading_error(void*, char* message, unsigned int) {
  *message = '\0';
  return 0;
}

// Error numbers of servers and client library for LOCAL that is switched off.
bool refuses_local(const Error& error) {
  return error.native() == "1148" || error.native() == "3948" || error.native() == "4166" ||
         error.native() == "2068";
}

}  // namespace

MysqlWriter::MysqlWriter(const Url& url, const EndOptions& options, RunCard run)
    : session_(url, options), place_(find_place(session_)), run_(std::move(run)) {
  checks_late_ = connection().product() == Product::tidb;
  packet_ = static_cast<std::size_t>(
      std::atoll(connection().value("SELECT @@max_allowed_packet").c_str()));
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
  choose_fields();
  rows_ = 0;
  bytes_ = 0;
  prepare_load();
  in_transaction_ = true;
  or_roll_back([&] { claim(); });
}

void MysqlWriter::look_at_table() {
  const std::string place = " table_schema = " + literal(table_->name.schema) +
                            " AND table_name = " + literal(table_->name.table);
  const std::string engine = connection().value(
      "SELECT t.engine FROM information_schema.tables t JOIN information_schema.engines e"
      " ON e.engine = t.engine WHERE e.transactions <> 'YES' AND" +
      place);
  if (!engine.empty() && connection().product() != Product::tidb) {
    throw Error(ErrorKind::schema, "table.engine",
                "the target's table is of " + engine + ", which knows no transactions")
        .at("table " + to_string(table_->name))
        .hint("ALTER TABLE … ENGINE = InnoDB, or --existing drop");
  }
  known_columns_.clear();
  computes_ = false;
  for (const sql::Row& row :
       connection().query("SELECT column_name, character_set_name, is_nullable,"
                          " extra LIKE '%VIRTUAL GENERATED%' OR extra LIKE '%STORED GENERATED%',"
                          " extra LIKE '%auto_increment%'"
                          " FROM information_schema.columns WHERE" +
                          place)) {
    known_columns_[row[0].value_or("")] = {row[1].value_or(""), row[2] == "YES", row[4] == "1"};
    computes_ = computes_ || row[3] == "1";
  }
  known_ = table_->name;
}

void MysqlWriter::choose_fields() {
  if (known_ != table_->name) look_at_table();
  fields_.clear();
  for (const ColumnWrite& column : table_->columns) {
    const KnownColumn& known = known_columns_[column.name];
    fields_.emplace_back(column, table_->format,
                         Field::Target{.charset = known.charset,
                                       .nullable = known.nullable,
                                       .signed_zero = connection().product() == Product::mysql,
                                       .halves = connection().product() != Product::tidb});
  }
  // A column that the server computes may be rounded there as it is at the source, with a note for
  // each row; where all that is written has the source's own types, notes are about nothing else.
  const bool quiet = computes_ && table_->format == RowFormat::native;
  connection().run(quiet ? "SET sql_notes = 0" : "SET sql_notes = 1");
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

void MysqlWriter::prepare_load() {
  std::vector<std::string> targets;
  std::vector<std::string> conversions;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    targets.push_back(fields_[i].target(i));
    const std::string conversion = fields_[i].conversion(i);
    if (!conversion.empty()) conversions.push_back(conversion);
  }
  // SET makes MariaDB forget that a column which numbers itself was given its value: a 0 would
  // become the next number unless SET gives it, too.
  for (std::size_t i = 0; i < fields_.size() && !conversions.empty(); ++i) {
    const std::string name = quote(fields_[i].name());
    if (!known_columns_[fields_[i].name()].numbered || targets[i] != name) continue;
    targets[i] = "@v" + std::to_string(i);
    conversions.push_back(name + " = " + targets[i]);
  }
  load_ = "LOAD DATA LOCAL INFILE 'rowferry' INTO TABLE " + qualified(table_->name) +
          " CHARACTER SET binary FIELDS TERMINATED BY '\t' ESCAPED BY '\\\\' LINES TERMINATED BY"
          " '\n' (" +
          sql::joined(targets, ", ") + ")";
  if (!conversions.empty()) load_ += " SET " + sql::joined(conversions, ", ");
}

void MysqlWriter::append(const Batch& batch) {
  or_roll_back([&] {
    if (local_) {
      load(batch);
    } else {
      insert(batch.bytes());
    }
  });
  rows_ += batch.rows();
  bytes_ += static_cast<std::int64_t>(batch.bytes().size());
}

void MysqlWriter::fill(const Batch& batch) {
  data_.clear();
  if (data_.capacity() > kMostKept) data_.shrink_to_fit();
  data_.reserve(batch.bytes().size() + kSlack);
  for (CellCursor cursor(batch.bytes()); !cursor.done();) {
    cursor.row();
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (i > 0) data_ += '\t';
      const std::string_view cell = cursor.cell();
      if (cursor.null()) {
        check_null(fields_[i]);
        data_ += "\\N";
      } else {
        fields_[i].append_field(data_, cell);
      }
    }
    data_ += '\n';
  }
}

void MysqlWriter::load(const Batch& batch) {
  fill(batch);
  Source source{data_};
  mysql_set_local_infile_handler(connection().raw(), begin_reading, read_some, end_reading,
                                 reading_error, &source);
  if (mysql_real_query(connection().raw(), load_.data(), load_.size()) != 0) {
    Error error = connection().failure();
    if (!refuses_local(error)) throw error.at("table " + to_string(table_->name));
    local_ = false;
    return insert(batch.bytes());
  }
  check_taken(batch.rows());
}

// Nothing of a statement that changed a value or left a row out may stay.
void MysqlWriter::check_taken(std::int64_t rows) {
  const auto taken = static_cast<std::int64_t>(connection().affected());
  const unsigned warnings = connection().warnings();
  if (taken == rows && warnings == 0) return;
  const sql::Rows said = connection().query("SHOW WARNINGS");
  const std::string place = "table " + to_string(table_->name);
  if (!said.empty()) {
    const std::string number = said[0].at(1).value_or("0");
    const Error error =
        classified(static_cast<unsigned>(std::atoi(number.c_str())), said[0].at(2).value_or(""));
    if (error.kind() == ErrorKind::data) throw Error(error).at(place);
  }
  throw Error(ErrorKind::data, "rows.taken",
              "the server took " + std::to_string(taken) + " of " + std::to_string(rows) +
                  " rows with " + std::to_string(warnings) + " warnings" +
                  (said.empty() ? "" : ": " + said[0].at(2).value_or("")))
      .at(place);
}

void MysqlWriter::check_null(const Field& field) const {
  if (field.nullable()) return;
  throw Error(ErrorKind::data, "row.constraint", "column " + field.name() + " takes no NULL")
      .at("table " + to_string(table_->name));
}

// The server would end the session over it.
void MysqlWriter::check_size(const std::string& statement) const {
  if (statement.size() < packet_) return;
  constexpr unsigned kPacketTooLarge = 1153;
  throw classified(kPacketTooLarge, "the row takes " + std::to_string(statement.size()) +
                                        " bytes, and the server takes max_allowed_packet = " +
                                        std::to_string(packet_))
      .at("table " + to_string(table_->name));
}

std::string MysqlWriter::insert_head() const {
  std::vector<std::string> names;
  for (const Field& field : fields_) names.push_back(quote(field.name()));
  return "INSERT INTO " + qualified(table_->name) + " (" + sql::joined(names, ", ") + ") VALUES ";
}

std::string MysqlWriter::values_of(CellCursor& cursor) const {
  std::string out = "(";
  cursor.row();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (i > 0) out += ", ";
    const std::string_view cell = cursor.cell();
    if (cursor.null()) {
      check_null(fields_[i]);
      out += "NULL";
    } else {
      fields_[i].append_literal(out, cell);
    }
  }
  return out + ")";
}

void MysqlWriter::insert(std::string_view rows_of_cells) {
  const std::string head = insert_head();
  std::string statement;
  std::int64_t rows = 0;
  const auto send = [&] {
    if (rows == 0) return;
    check_size(statement);
    connection().query(statement);
    check_taken(rows);
    rows = 0;
    statement.clear();
  };
  for (CellCursor cursor(rows_of_cells); !cursor.done();) {
    const std::string values = values_of(cursor);
    if (rows > 0 && statement.size() + values.size() + 2 > packet_ / 2) send();
    statement += rows == 0 ? head : ", ";
    statement += values;
    ++rows;
  }
  send();
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
  for (const Field& field : fields_) {
    const std::string_view cell = cursor.cell();
    cells.push_back(cursor.null() ? sql::null_cell(field.name()) : field.shown(cell));
  }
  return cells;
}

// Inserts a row whose only fault is that enums in it have a value which is none of their labels,
// as at the source. False, and nothing done, for any other.
bool MysqlWriter::insert_outside(std::string_view row) {
  unsigned outside = 0;
  CellCursor cursor(row);
  cursor.row();
  for (const Field& field : fields_) {
    const std::string_view cell = cursor.cell();
    outside += !cursor.null() && field.is_outside(cell) ? 1U : 0U;
  }
  if (outside == 0) return false;
  const std::string mode = connection().value("SELECT @@sql_mode");
  connection().run(
      "SAVEPOINT rowferry_fit; SET sql_mode ="
      " 'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES'");
  bool taken = false;
  try {
    CellCursor again(row);
    connection().query(insert_head() + values_of(again));
    // Each such value is warned of once; a warning more is another fault.
    taken = connection().affected() == 1 && connection().warnings() == outside;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
  }
  connection().run(
      "SET sql_mode = " + literal(mode) +
      (taken ? "; RELEASE SAVEPOINT rowferry_fit" : "; ROLLBACK TO SAVEPOINT rowferry_fit"));
  if (!taken) return false;
  ++rows_;
  bytes_ += static_cast<std::int64_t>(row.size());
  return true;
}

// Servers of this family tell it in words only.
std::string MysqlWriter::column_at_fault(std::string_view message) const {
  const auto said = [&](const std::string& text) {
    return message.find(text) != std::string_view::npos;
  };
  for (const Field& field : fields_) {
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
    insert({begin, static_cast<std::size_t>(end - begin)});
    connection().run("RELEASE SAVEPOINT rowferry_fit");
    rows_ += static_cast<std::int64_t>(rows.size());
    bytes_ += end - begin;
    return;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
    connection().run("ROLLBACK TO SAVEPOINT rowferry_fit");
    if (rows.size() == 1) {
      if (insert_outside(rows[0])) return;
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
