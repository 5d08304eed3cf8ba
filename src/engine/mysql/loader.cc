#include "engine/mysql/loader.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "engine/mysql/dialect.h"
#include "engine/mysql/error.h"
#include "engine/sql/ddl.h"

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

Loader::Loader(Connection& connection)
    : connection_(connection),
      packet_(static_cast<std::size_t>(
          std::atoll(connection.value("SELECT @@max_allowed_packet").c_str()))) {}

void Loader::about(const TableWrite& rows, RowFormat format, const std::string& goal) {
  table_ = &rows;
  goal_ = goal.empty() ? qualified(rows.name) : goal;
  if (known_ != rows.name) look_at_table();
  choose_fields(format);
  prepare_load();
}

void Loader::append(const Batch& batch) {
  if (local_) {
    load(batch);
  } else {
    insert(batch.bytes());
  }
}

void Loader::look_at_table() {
  const std::string place = " table_schema = " + literal(table_->name.schema) +
                            " AND table_name = " + literal(table_->name.table);
  const std::string engine = connection_.value(
      "SELECT t.engine FROM information_schema.tables t JOIN information_schema.engines e"
      " ON e.engine = t.engine WHERE e.transactions <> 'YES' AND" +
      place);
  if (!engine.empty() && connection_.product() != Product::tidb) {
    throw Error(ErrorKind::schema, "table.engine",
                "the target's table is of " + engine + ", which knows no transactions")
        .at("table " + to_string(table_->name))
        .hint("ALTER TABLE … ENGINE = InnoDB, or --existing drop");
  }
  known_columns_.clear();
  computes_ = false;
  for (const sql::Row& row :
       connection_.query("SELECT column_name, character_set_name, is_nullable,"
                         " extra LIKE '%VIRTUAL GENERATED%' OR extra LIKE '%STORED GENERATED%',"
                         " extra LIKE '%auto_increment%'"
                         " FROM information_schema.columns WHERE" +
                         place)) {
    known_columns_[row[0].value_or("")] = {row[1].value_or(""), row[2] == "YES", row[4] == "1"};
    computes_ = computes_ || row[3] == "1";
  }
  known_ = table_->name;
}

void Loader::choose_fields(RowFormat format) {
  fields_.clear();
  for (const ColumnWrite& column : table_->columns) {
    const KnownColumn& known = known_columns_[column.name];
    fields_.emplace_back(column, format,
                         Field::Target{.charset = known.charset,
                                       .nullable = known.nullable,
                                       .signed_zero = connection_.product() == Product::mysql,
                                       .halves = connection_.product() != Product::tidb});
  }
  // A column that the server computes may be rounded there as it is at the source, with a note for
  // each row; where all that is written has the source's own types, notes are about nothing else.
  const bool quiet = computes_ && format == RowFormat::native;
  connection_.run(quiet ? "SET sql_notes = 0" : "SET sql_notes = 1");
}

void Loader::prepare_load() {
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
  load_ = "LOAD DATA LOCAL INFILE 'rowferry' INTO TABLE " + goal_ +
          " CHARACTER SET binary FIELDS TERMINATED BY '\t' ESCAPED BY '\\\\' LINES TERMINATED BY"
          " '\n' (" +
          sql::joined(targets, ", ") + ")";
  if (!conversions.empty()) load_ += " SET " + sql::joined(conversions, ", ");
}

void Loader::fill(const Batch& batch) {
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

void Loader::load(const Batch& batch) {
  fill(batch);
  Source source{data_};
  mysql_set_local_infile_handler(connection_.raw(), begin_reading, read_some, end_reading,
                                 reading_error, &source);
  if (mysql_real_query(connection_.raw(), load_.data(), load_.size()) != 0) {
    Error error = connection_.failure();
    if (!refuses_local(error)) throw error.at("table " + to_string(table_->name));
    local_ = false;
    return insert(batch.bytes());
  }
  check_taken(batch.rows());
}

// Nothing of a statement that changed a value or left a row out may stay.
void Loader::check_taken(std::int64_t rows) {
  const auto taken = static_cast<std::int64_t>(connection_.affected());
  const unsigned warnings = connection_.warnings();
  if (taken == rows && warnings == 0) return;
  const sql::Rows said = connection_.query("SHOW WARNINGS");
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

void Loader::check_null(const Field& field) const {
  if (field.nullable()) return;
  throw Error(ErrorKind::data, "row.constraint", "column " + field.name() + " takes no NULL")
      .at("table " + to_string(table_->name));
}

// The server would end the session over it.
void Loader::check_size(const std::string& statement) const {
  if (statement.size() < packet_) return;
  constexpr unsigned kPacketTooLarge = 1153;
  throw classified(kPacketTooLarge, "the row takes " + std::to_string(statement.size()) +
                                        " bytes, and the server takes max_allowed_packet = " +
                                        std::to_string(packet_))
      .at("table " + to_string(table_->name));
}

std::string Loader::insert_head() const {
  std::vector<std::string> names;
  for (const Field& field : fields_) names.push_back(quote(field.name()));
  return "INSERT INTO " + goal_ + " (" + sql::joined(names, ", ") + ") VALUES ";
}

std::string Loader::values_of(CellCursor& cursor) const {
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

void Loader::insert(std::string_view rows_of_cells) {
  const std::string head = insert_head();
  std::string statement;
  std::int64_t rows = 0;
  const auto send = [&] {
    if (rows == 0) return;
    check_size(statement);
    connection_.query(statement);
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

bool Loader::insert_outside(std::string_view row) {
  unsigned outside = 0;
  CellCursor cursor(row);
  cursor.row();
  for (const Field& field : fields_) {
    const std::string_view cell = cursor.cell();
    outside += !cursor.null() && field.is_outside(cell) ? 1U : 0U;
  }
  if (outside == 0) return false;
  const std::string mode = connection_.value("SELECT @@sql_mode");
  connection_.run(
      "SAVEPOINT rowferry_fit; SET sql_mode ="
      " 'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION,ALLOW_INVALID_DATES'");
  bool taken = false;
  try {
    CellCursor again(row);
    connection_.query(insert_head() + values_of(again));
    // Each such value is warned of once; a warning more is another fault.
    taken = connection_.affected() == 1 && connection_.warnings() == outside;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data) throw;
  }
  connection_.run(
      "SET sql_mode = " + literal(mode) +
      (taken ? "; RELEASE SAVEPOINT rowferry_fit" : "; ROLLBACK TO SAVEPOINT rowferry_fit"));
  return taken;
}

}  // namespace rowferry::mysql
