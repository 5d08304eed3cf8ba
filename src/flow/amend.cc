#include "flow/amend.h"

#include <algorithm>

#include "core/bytes.h"
#include "engine/sql/rejected.h"

namespace rowferry {

namespace {

// What is to be done with cells of the column; without a step when nothing is.
Conversion step_of(const ColumnRead& column) {
  const Amendment& amendment = column.amendment;
  if (!amendment.convert && !amendment.strip_nul && !amendment.truncate) return {};
  return conversion(column.wire, column.target, amendment.strip_nul, amendment.truncate);
}

std::vector<int> key_of(const TableRead& table) {
  std::vector<int> key;
  if (!table.table.primary_key) return key;
  for (const IndexPart& part : table.table.primary_key->parts) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (table.columns[i].name == part.column) key.push_back(static_cast<int>(i));
    }
  }
  return key;
}

}  // namespace

void AmendingReader::open(const TableRead& table, const Page& page, Rejects* rejects) {
  table_ = &table;
  rejects_ = rejects;
  steps_.clear();
  for (const ColumnRead& column : table.columns) steps_.push_back(step_of(column));
  const bool any = std::any_of(steps_.begin(), steps_.end(),
                               [](const Conversion& step) { return step.step != nullptr; });
  if (!any) steps_.clear();
  if (any) key_ = sql::naming_columns(key_of(table), table.columns.size());
  reader_->open(table, page, rejects);
}

bool AmendingReader::next(Batch& batch) {
  if (steps_.empty()) return reader_->next(batch);
  batch.format = RowFormat::cells;
  // A batch of which no row is left is not the end.
  while (batch.empty()) {
    raw_.clear();
    if (!reader_->next(raw_)) return false;
    amend(batch);
  }
  return true;
}

void AmendingReader::amend(Batch& out) {
  std::string_view rows = raw_.bytes();
  for (std::int64_t row = 0; row < raw_.rows(); ++row) {
    rows.remove_prefix(take_row(rows));
    out.begin_row(static_cast<int>(cells_.size()));
    const char* reason = nullptr;
    for (std::size_t i = 0; i < cells_.size() && reason == nullptr; ++i) {
      const Conversion& step = steps_[i];
      if (cells_[i].null) {
        out.add_null();
      } else if (step.step == nullptr) {
        out.add_cell(cells_[i].bytes);
      } else if ((reason = step.step(step, cells_[i].bytes, out)) != nullptr) {
        out.drop_row();
        refuse(i, reason);
      }
    }
    if (reason == nullptr) out.end_row();
  }
}

std::size_t AmendingReader::take_row(std::string_view rows) {
  const auto columns = static_cast<std::size_t>(load<std::int16_t>(rows.data()));
  std::size_t at = 2;
  cells_.resize(columns);
  for (Cell& cell : cells_) {
    const auto length = load<std::int32_t>(rows.data() + at);
    at += 4;
    cell.null = length < 0;
    cell.bytes = rows.substr(at, cell.null ? 0 : static_cast<std::size_t>(length));
    at += cell.bytes.size();
  }
  return at;
}

void AmendingReader::refuse(std::size_t column, const char* reason) {
  std::vector<RejectedCell> row;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const ColumnRead& read = table_->columns[i];
    row.push_back(cells_[i].null ? sql::null_cell(read.name)
                                 : sql::cell_of(read.name, read.wire, cells_[i].bytes));
  }
  const std::string& name = table_->columns[column].name;
  Reject reject = sql::rejected(std::move(row), key_, name, reason);
  reject.code = "value.rule";
  if (rejects_ != nullptr && !rejects_->full()) {
    rejects_->rows.push_back(std::move(reject));
    return;
  }
  throw Error(ErrorKind::data, "value.rule", reason)
      .at("table " + to_string(table_->table.name) + ", column " + name + ", row " + reject.key);
}

}  // namespace rowferry
