#include "engine/mysql/reader.h"

#include <algorithm>

#include "core/value.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/pager.h"
#include "engine/mysql/types.h"
#include "engine/sql/ddl.h"
#include "engine/sql/rejected.h"

namespace rowferry::mysql {

namespace {

constexpr const char* kNoUnicode =
    "a sign of its character set is not in Unicode and would become a question mark";

// Whether a sign of a text has become a question mark or U+FFFD in Unicode. Some character sets
// have that sign itself.
std::string no_unicode(const std::string& name, const std::string& charset) {
  const std::string converted = "CONVERT(" + name + " USING utf8mb4)";
  return "CHAR_LENGTH(REPLACE(" + converted + ", '?', '')) <> CHAR_LENGTH(REPLACE(" + name +
         ", '?', '')) OR (INSTR(CAST(" + converted +
         " AS BINARY), x'efbfbd') > 0 AND CAST(CONVERT(" + converted + " USING " + charset +
         ") AS BINARY) <> CAST(" + name + " AS BINARY))";
}

}  // namespace

void Pool::add(std::shared_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(connection));
}

std::shared_ptr<Connection> Pool::take() {
  const std::lock_guard lock(mutex_);
  while (!free_.empty() && !shared_ && mysql_ping(free_.back()->raw()) != 0) free_.pop_back();
  if (free_.empty()) {
    throw Error(ErrorKind::transient, "snapshot.lost",
                "no session of the snapshot is left, and none can join it");
  }
  std::shared_ptr<Connection> connection = free_.back();
  if (!shared_) free_.pop_back();
  return connection;
}

void Pool::give_back(std::shared_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  if (shared_ && connection->lost()) free_.clear();
  if (!shared_ && !connection->lost()) free_.push_back(std::move(connection));
}

std::string page_query(const TableRead& table, const Page& page,
                       const std::vector<std::string>& selected) {
  const MysqlDialect dialect({});
  const std::string range = dialect.range(table.table, table.cut, page.lower, page.upper);
  const bool index = !range.empty() || table.ordered;
  std::string sql = "SELECT " + sql::joined(selected, ", ") + " FROM " +
                    (index ? by_index(table) : qualified(table.table.name));
  if (!range.empty()) sql += " WHERE " + range;
  if (!table.where.empty()) sql += (range.empty() ? " WHERE (" : " AND (") + table.where + "\n)";
  if (table.ordered) sql += " ORDER BY " + sql::column_list(dialect, table.cut.columns);
  return sql;
}

void MysqlReader::open(const TableRead& table, const Page& page, Rejects* rejects) {
  rows_.reset();
  decoders_.clear();
  table_ = to_string(table.table.name);
  format_ = table.format;
  rejects_ = rejects;
  key_.clear();
  std::vector<std::string> selected;
  for (const ColumnRead& column : table.columns) {
    const Column* stored = find_column(table.table, column.name);
    const bool odd = stored != nullptr && !stored->charset.empty();
    decoders_.push_back(std::make_unique<Decoder>(column, table.format, odd));
    selected.push_back(decoders_.back()->selected());
    if (!table.table.primary_key) continue;
    for (const IndexPart& part : table.table.primary_key->parts) {
      if (part.column == column.name) key_.push_back(static_cast<int>(decoders_.size()) - 1);
    }
  }
  key_ = sql::naming_columns(std::move(key_), decoders_.size());
  guard(table, selected);
  const std::string sql = page_query(table, page, selected);
  rows_.reset(mysql_stmt_init(lease_->raw()));
  if (!rows_) throw lease_->failure();
  check(mysql_stmt_prepare(rows_.get(), sql.data(), sql.size()));
  check(mysql_stmt_execute(rows_.get()));
  bind();
}

// Asks beside such a column whether what is read of it is the value itself.
void MysqlReader::guard(const TableRead& table, std::vector<std::string>& selected) {
  guards_.clear();
  const auto ask = [&](std::size_t column, const char* reason, std::string question) {
    guards_.push_back({.column = column, .reason = reason});
    selected.push_back(std::move(question));
  };
  const bool native = table.format == RowFormat::native;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column* column = find_column(table.table, table.columns[i].name);
    if (column == nullptr) continue;
    const std::string name = quote(column->name);
    if (!column->charset.empty() && !native) ask(i, kNoUnicode, no_unicode(name, column->charset));
  }
}

void MysqlReader::check(int status) {
  if (status == 0) return;
  throw lease_->failure(rows_.get()).at("table " + table_);
}

void MysqlReader::bind() {
  binds_.clear();
  for (const auto& decoder : decoders_) binds_.push_back(decoder->bind());
  for (Guard& guard : guards_) {
    MYSQL_BIND bind{};
    bind.buffer_type = MYSQL_TYPE_LONGLONG;
    bind.buffer = &guard.lost;
    bind.is_null = &guard.null;
    binds_.push_back(bind);
  }
  check(mysql_stmt_bind_result(rows_.get(), binds_.data()));
}

bool MysqlReader::next(Batch& batch) {
  batch.format = format_;
  while (rows_ && !batch.full()) {
    if (fetch()) {
      add_row(batch);
    } else {
      rows_.reset();
    }
  }
  return !batch.empty();
}

bool MysqlReader::fetch() {
  const int status = mysql_stmt_fetch(rows_.get());
  if (status == MYSQL_NO_DATA) return false;
  if (status != 0 && status != MYSQL_DATA_TRUNCATED) check(status);
  if (status != MYSQL_DATA_TRUNCATED) return true;
  bool grown = false;
  for (std::size_t i = 0; i < decoders_.size(); ++i) {
    grown = decoders_[i]->fetch_rest(rows_.get(), static_cast<unsigned>(i)) || grown;
  }
  if (grown) bind();
  return true;
}

void MysqlReader::add_row(Batch& batch) {
  for (const Guard& guard : guards_) {
    if (guard.null == 0 && guard.lost != 0) return refuse(guard.column, guard.reason, false);
  }
  batch.begin_row(static_cast<int>(decoders_.size()));
  for (std::size_t i = 0; i < decoders_.size(); ++i) {
    const char* reason = decoders_[i]->add(batch);
    if (reason == nullptr) continue;
    batch.drop_row();
    return refuse(i, reason, true);
  }
  batch.end_row();
}

void MysqlReader::refuse(std::size_t column, const char* reason, bool readable) {
  // A guard's question, or a value that could not be made a cell.
  const std::string code = readable ? std::string(code_of(reason)) : "value.unicode";
  if (rejects_ != nullptr && !rejects_->full()) {
    Reject reject{.key = key_text(), .column = decoders_[column]->name(), .reason = reason};
    reject.code = code;
    for (std::size_t i = 0; i < decoders_.size(); ++i) {
      // What is read of a value that cannot be read whole is another one.
      if (i != column || readable) reject.row.push_back(decoders_[i]->shown());
    }
    rejects_->rows.push_back(std::move(reject));
    return;
  }
  throw Error(ErrorKind::data, code, reason)
      .at("table " + table_ + ", column " + decoders_[column]->name() + ", row " + key_text());
}

std::string MysqlReader::key_text() const {
  std::vector<RejectedCell> cells;
  std::vector<int> places;
  for (const int at : key_) {
    places.push_back(static_cast<int>(cells.size()));
    cells.push_back(decoders_[static_cast<std::size_t>(at)]->shown());
  }
  return sql::key_text(cells, places);
}

}  // namespace rowferry::mysql
