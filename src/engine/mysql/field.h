#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/plan.h"

namespace rowferry::mysql {

// How cells of one column are written for these servers. Chosen once per column. LOAD DATA reads
// its input as bytes without a character set, which columns of bytes and of UTF-8 take as they are;
// for the others it says what they are.
class Field {
 public:
  // What the target's column is like.
  struct Target {
    std::string charset;  // empty where it has none
    bool nullable = true;
    bool signed_zero = true;  // the server keeps -0.0
    bool halves = true;       // and keeps halves of surrogate pairs in documents, or refuses them
  };

  Field(const ColumnWrite& column, RowFormat format, const Target& target);

  const std::string& name() const { return name_; }
  // Whether the column takes NULL. Where it does not, some servers put the time or a number of
  // their own in its place.
  bool nullable() const { return nullable_; }
  // What stands for the column in LOAD DATA's list, and what SET then makes of it ("" when
  // nothing).
  std::string target(std::size_t index) const;
  std::string conversion(std::size_t index) const;

  // Appends a cell as a field of LOAD DATA: \t, \n and \ escaped.
  void append_field(std::string& out, std::string_view cell) const;
  // Whether the cell is a value of an enum that is none of its labels. These servers keep such a
  // one, and take it from no strict session.
  bool is_outside(std::string_view cell) const;
  // Appends a cell as a literal of INSERT.
  void append_literal(std::string& out, std::string_view cell) const;
  // The cell as it is told of in a reject.
  RejectedCell shown(std::string_view cell) const;

 private:
  enum class Form { text, bytes, number, bits };
  enum class Taken { as_it_is, as_text, as_number };

  void append_plain(std::string& out, std::string_view cell) const;
  void append_real(std::string& out, std::string_view cell) const;
  bool is_no_label(std::string_view cell) const;
  bool is_spoilt(std::string_view cell) const;

  std::string name_;
  Kind kind_;
  bool native_ = false;  // cells are the server's own text
  bool nullable_ = true;
  bool signed_zero_ = true;
  bool loses_halves_ = false;
  bool year_ = false;                // four digits: fewer would be a year of this century
  std::vector<std::string> labels_;  // of a set, in its order; of an enum, sorted
  bool set_ = false;
  bool enum_ = false;
  bool empty_label_ = false;  // '' is one of the enum's
  bool clock_ = false;        // intervals go into a TIME column
  Form form_ = Form::text;
  Taken taken_ = Taken::as_text;
};

}  // namespace rowferry::mysql
