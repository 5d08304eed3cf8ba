#pragma once

#include <memory>

#include "core/convert.h"
#include "engine/engine.h"

namespace rowferry {

// A reader whose cells are changed as the user's rules say, where they say so; pages of other
// tables pass untouched. A row that a rule cannot be kept on is refused as readers refuse rows.
class AmendingReader final : public Reader {
 public:
  explicit AmendingReader(std::unique_ptr<Reader> reader) : reader_(std::move(reader)) {}

  void open(const TableRead& table, const Page& page, Rejects* rejects) override;
  bool next(Batch& batch) override;

 private:
  struct Cell {
    std::string_view bytes;
    bool null = false;
  };

  void amend(Batch& out);
  // The length of the row at the beginning of `rows`, whose cells are put into cells_.
  std::size_t take_row(std::string_view rows);
  void refuse(std::size_t column, const char* reason);

  std::unique_ptr<Reader> reader_;
  const TableRead* table_ = nullptr;
  Rejects* rejects_ = nullptr;
  std::vector<Conversion> steps_;  // of each column; without a step where it passes. Empty: all do
  std::vector<int> key_;
  std::vector<Cell> cells_;
  Batch raw_;
};

}  // namespace rowferry
