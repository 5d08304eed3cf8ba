#pragma once

#include <regex>
#include <string>

#include "core/schema.h"

namespace rowferry {

// A glob (* any text, ? any character) that is the whole of a name, or a /regular expression/ that
// stands anywhere in it.
class Pattern {
 public:
  // Throws Error{usage} for a regular expression that cannot be read.
  explicit Pattern(const std::string& text);

  // Of "schema.table", or of "table" alone.
  bool matches(const TableName& name) const;
  bool matches(const std::string& name) const;
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::regex regex_;
  bool anywhere_ = false;
};

}  // namespace rowferry
