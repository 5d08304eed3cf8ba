#pragma once

#include <string>
#include <vector>

namespace rowferry {

// Rows of text in columns as wide as their widest cell; two spaces between, none at line ends.
class Grid {
 public:
  enum class Align { left, right };

  explicit Grid(std::vector<Align> columns) : columns_(std::move(columns)) {}

  // One cell per column; missing ones at the end are empty.
  void row(std::vector<std::string> cells);
  std::string text() const;

 private:
  std::vector<Align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace rowferry
