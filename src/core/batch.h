#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core/bytes.h"

namespace rowferry {

// How a batch's bytes are to be read. Only a target of the source's engine takes the native
// formats.
enum class RowFormat : std::uint8_t {
  cells,        // rows of cells, as below
  native,       // the same layout, each cell in the engine's own binary form
  native_text,  // the engine's own row text, one row a line
};

// Rows in one growing arena, recycled between reader and writer: no allocation per row.
//
// A row in format `cells` is an int16 number of columns, then per column an int32 length (-1 =
// NULL) and that many bytes in the column's binary form, all big-endian: exactly a tuple of
// PostgreSQL's binary COPY, so that batches reach that server as they are.
//
// Belongs to one thread at a time. Views into it are valid until the next append or clear.
class Batch {
 public:
  static constexpr std::size_t kTarget = 256 * 1024;  // bytes after which a batch is handed on

  void clear();
  bool full() const { return size_ >= kTarget; }
  bool empty() const { return rows_ == 0; }
  std::int64_t rows() const { return rows_; }
  std::string_view bytes() const { return {data_.get(), size_}; }
  std::size_t capacity() const { return capacity_; }

  RowFormat format = RowFormat::cells;

  // Appends a whole row that is in the batch's format already.
  void append_row(std::string_view row) {
    std::memcpy(reserve(row.size()), row.data(), row.size());
    size_ += row.size();
    ++rows_;
  }

  // Building a row: begin_row, then one call per column in order, then end_row; or drop_row, which
  // forgets the row begun last.
  void begin_row(int columns) {
    row_start_ = size_;
    store(reserve(2), static_cast<std::int16_t>(columns));
    size_ += 2;
  }
  void end_row() { ++rows_; }
  void drop_row() { size_ = row_start_; }

  void add_null() {
    store(reserve(4), std::int32_t{-1});
    size_ += 4;
  }
  // Makes room for a cell of `length` bytes and returns where to write them.
  char* add_cell(std::size_t length) {
    char* to = reserve(4 + length);
    store(to, static_cast<std::int32_t>(length));
    size_ += 4 + length;
    return to + 4;
  }
  void add_cell(std::string_view value) {
    char* to = add_cell(value.size());
    if (!value.empty()) std::memcpy(to, value.data(), value.size());
  }
  // Shortens the cell added last from `length` bytes to `used`.
  void shorten_cell(std::size_t length, std::size_t used) {
    size_ -= length - used;
    store(data_.get() + size_ - used - 4, static_cast<std::int32_t>(used));
  }

 private:
  char* reserve(std::size_t more) {
    if (size_ + more > capacity_) grow(size_ + more);
    return data_.get() + size_;
  }
  void grow(std::size_t wanted);

  struct Free {
    void operator()(char* p) const;
  };
  std::unique_ptr<char, Free> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::size_t row_start_ = 0;
  std::int64_t rows_ = 0;
};

// Walks the cells of rows in format `cells`. `null()` says of the cell just read whether it was
// NULL.
class CellCursor {
 public:
  explicit CellCursor(std::string_view bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

  bool done() const { return at_ == end_; }
  const char* position() const { return at_; }
  // Enters a row; returns its number of columns.
  int row() {
    const int columns = load<std::int16_t>(at_);
    at_ += 2;
    return columns;
  }
  // The next cell; an empty view with null() set for NULL.
  std::string_view cell() {
    const auto length = load<std::int32_t>(at_);
    at_ += 4;
    null_ = length < 0;
    if (null_) return {};
    const std::string_view value(at_, static_cast<std::size_t>(length));
    at_ += length;
    return value;
  }
  bool null() const { return null_; }
  // Passes over the rest of a row of `columns` cells and returns the whole row.
  std::string_view skip_row() {
    const char* start = at_;
    for (int left = row(); left > 0; --left) cell();
    return {start, static_cast<std::size_t>(at_ - start)};
  }

 private:
  const char* at_;
  const char* end_;
  bool null_ = false;
};

}  // namespace rowferry
