#pragma once

#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "conformance/quirks.h"

namespace rowferry::conformance {

using Random = std::mt19937_64;

struct Field {
  std::string name;
  Kind kind;
  std::string collation = "";
};

// What rows of a table look like.
struct Shape {
  std::string name;
  std::vector<Field> fields;  // those of the key first
  std::size_t keys = 0;       // how many; 0: a table without a key
  // The `number`th row; rows of different numbers have different keys.
  std::function<Cells(Random& random, std::int64_t number)> row;
};

// A cell of `kind` as its canonical text, different for each number.
std::string odd_value(Kind kind, Random& random, std::int64_t number);

// One shape for each kind of key that pages must tile.
std::vector<Shape> shapes(const Quirks& quirks);
// Any key of up to three columns, or none.
Shape random_shape(const Quirks& quirks, Random& random);

// Rows with how often they occur, as text.
using RowCounts = std::map<std::string, int>;
std::string row_text(const Cells& cells);
// What one has and the other has not, a few lines of it; empty when they are equal.
std::string difference(const RowCounts& expected, const RowCounts& found);

// A table in memory: what the table of the same name in a database must hold.
class Model {
 public:
  Model(const Quirks& quirks, Shape shape, std::string table)
      : quirks_(quirks), shape_(std::move(shape)), table_(std::move(table)) {}

  const std::string& table() const { return table_; }
  std::int64_t size() const { return static_cast<std::int64_t>(rows_.size()); }
  RowCounts rows() const;

  std::string create(const Storage& storage) const;
  // Adds rows; returns the INSERT that does the same.
  std::string insert(Random& random, int count);

 private:
  const Quirks& quirks_;
  Shape shape_;
  std::string table_;
  std::vector<Cells> rows_;
};

}  // namespace rowferry::conformance
