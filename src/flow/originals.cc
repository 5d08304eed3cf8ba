#include "flow/originals.h"

#include <algorithm>

#include "engine/sql/rejected.h"

namespace rowferry {

namespace {

bool changes(const Amendment& amendment) {
  return amendment.zero_date_null || amendment.strip_nul || amendment.truncate || amendment.convert;
}

ColumnRead as_it_is(ColumnRead column) {
  if (column.amendment.zero_date_null) column.wire = Kind::text;
  column.amendment = {};
  column.target = {};
  column.nul_taken = true;
  return column;
}

}  // namespace

Originals::Originals(const TableRead& read, const TableWrite& write) : given_(read), write_(write) {
  for (std::size_t i = 0; i < read.columns.size(); ++i) {
    if (changes(read.columns[i].amendment)) further_.push_back(i);
  }
  if (further_.empty()) return;
  read_ = read;
  for (const std::size_t place : further_) read_.columns.push_back(as_it_is(read.columns[place]));
}

const Batch& Originals::rows(const Batch& batch) {
  if (further_.empty()) return batch;
  plain_.clear();
  plain_.format = batch.format;
  for (CellCursor cursor(batch.bytes()); !cursor.done();) {
    const int columns = cursor.row();
    const int own = columns - static_cast<int>(further_.size());
    plain_.begin_row(own);
    for (int i = 0; i < columns; ++i) {
      const std::string_view cell = cursor.cell();
      if (i >= own) continue;
      if (cursor.null()) {
        plain_.add_null();
      } else {
        plain_.add_cell(cell);
      }
    }
    plain_.end_row();
  }
  return plain_;
}

void Originals::restore(const Batch& batch, Reject& reject) const {
  if (further_.empty()) return;
  CellCursor cursor(batch.bytes());
  for (std::size_t row = 0; row < reject.place; ++row) cursor.skip_row();
  cursor.row();
  for (std::size_t i = 0; i < given_.columns.size(); ++i) cursor.cell();
  for (std::size_t i = 0; i < further_.size(); ++i) {
    const std::string_view cell = cursor.cell();
    const std::string& name = write_.columns[further_[i]].name;
    const Kind kind = read_.columns[given_.columns.size() + i].wire;
    reject.row.at(further_[i]) =
        cursor.null() ? sql::null_cell(name) : sql::cell_of(name, kind, cell);
  }
  reject.key = sql::key_text(reject.row, write_.key);
}

void Originals::restore(Reject& reject) const {
  if (further_.empty()) return;
  std::vector<RejectedCell> row;
  for (RejectedCell& cell : reject.row) {
    const auto same = std::find_if(row.begin(), row.end(), [&](const RejectedCell& before) {
      return before.name == cell.name;
    });
    if (same == row.end()) {
      row.push_back(std::move(cell));
    } else {
      *same = std::move(cell);
    }
  }
  reject.row = std::move(row);
  const bool whole = reject.row.size() == write_.columns.size();
  if (whole) reject.key = sql::key_text(reject.row, write_.key);
}

}  // namespace rowferry
