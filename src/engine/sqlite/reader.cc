#include "engine/sqlite/reader.h"

#include <algorithm>

#include "core/utf8.h"
#include "engine/sql/ddl.h"
#include "engine/sql/rejected.h"
#include "engine/sqlite/dialect.h"
#include "engine/sqlite/literal.h"

namespace rowferry::sqlite {

namespace {

// A value whatever it is; text that is none is bytes.
RejectedCell shown(const Prepared& row, int column, const std::string& name) {
  switch (sqlite3_column_type(row.get(), column)) {
    case SQLITE_NULL:
      return sql::null_cell(name);
    case SQLITE_TEXT:
      if (fault_of(row.view(column), true) == TextFault::none)
        return sql::text_cell(name, row.text(column));
      return sql::bytes_cell(name, row.view(column));
    case SQLITE_BLOB:
      return sql::bytes_cell(name, row.blob(column));
    default:
      return sql::text_cell(name, column_literal(row.get(), column));
  }
}

}  // namespace

std::string page_query(const TableRead& table, const Page& page,
                       const std::vector<std::string>& selected) {
  std::string sql =
      "SELECT " + sql::joined(selected, ", ") + " FROM main." + quote(table.table.name.table);
  const std::string range = range_condition(table.table, table.cut, page.lower, page.upper);
  // A range is sought by the key, never in an index that serves `where`.
  if (!range.empty()) sql += (table.where.empty() ? " WHERE " : " NOT INDEXED WHERE ") + range;
  if (!table.where.empty()) sql += (range.empty() ? " WHERE (" : " AND (") + table.where + "\n)";
  if (table.ordered) {
    sql += " ORDER BY " + sql::column_list(SqliteDialect({}), table.cut.columns);
  }
  return sql;
}

void SqliteReader::open(const TableRead& table, const Page& page, Rejects* rejects) {
  rows_.reset();
  encoders_.clear();
  names_.clear();
  table_ = to_string(table.table.name);
  format_ = table.format;
  rejects_ = rejects;
  std::vector<std::string> selected;
  for (const ColumnRead& column : table.columns) {
    encoders_.push_back(encoder_for(column, table.format));
    names_.push_back(column.name);
    selected.push_back(quote(column.name));
  }
  choose_key(table, selected);
  rows_.emplace(lease_->get(), page_query(table, page, selected));
}

// The primary key, or what the table is cut by; what of it is not read anyhow is selected behind.
void SqliteReader::choose_key(const TableRead& table, std::vector<std::string>& selected) {
  std::vector<std::string> columns = table.cut.columns;
  if (table.table.primary_key) {
    columns.clear();
    for (const IndexPart& part : table.table.primary_key->parts) columns.push_back(part.column);
  }
  key_.clear();
  key_names_ = columns;
  for (const std::string& column : columns) {
    const auto found = std::find(selected.begin(), selected.end(), quote(column));
    key_.push_back(static_cast<int>(found - selected.begin()));
    if (found == selected.end()) selected.push_back(quote(column));
  }
}

bool SqliteReader::next(Batch& batch) {
  batch.format = format_;
  while (rows_ && !batch.full()) {
    if (rows_->step()) {
      add_row(batch);
    } else {
      rows_.reset();
    }
  }
  return !batch.empty();
}

void SqliteReader::add_row(Batch& batch) {
  batch.begin_row(static_cast<int>(encoders_.size()));
  for (std::size_t i = 0; i < encoders_.size(); ++i) {
    sqlite3_value* cell = sqlite3_column_value(rows_->get(), static_cast<int>(i));
    const int storage = sqlite3_value_type(cell);
    if (storage == SQLITE_NULL) {
      batch.add_null();
      continue;
    }
    const Fit fit = encoders_[i].encode(encoders_[i], {cell, storage}, batch);
    if (fit == Fit::ok) continue;
    batch.drop_row();
    return refuse(i, fit);
  }
  batch.end_row();
}

void SqliteReader::refuse(std::size_t column, Fit fit) {
  const Refusal& refusal = refusal_of(fit);
  if (rejects_ != nullptr && !rejects_->full()) {
    Reject reject{
        .key = key_text(), .column = names_[column], .reason = std::string(refusal.reason)};
    reject.code = refusal.code;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      reject.row.push_back(shown(*rows_, static_cast<int>(i), names_[i]));
    }
    rejects_->rows.push_back(std::move(reject));
    return;
  }
  Error error(ErrorKind::data, std::string(refusal.code), std::string(refusal.reason));
  throw error.at("table " + table_ + ", column " + names_[column] + ", row " + key_text());
}

std::string SqliteReader::key_text() const {
  std::vector<RejectedCell> cells;
  std::vector<int> places;
  for (const int column : key_) {
    places.push_back(static_cast<int>(cells.size()));
    cells.push_back(shown(*rows_, column, key_names_[cells.size()]));
  }
  return sql::key_text(cells, places);
}

}  // namespace rowferry::sqlite
