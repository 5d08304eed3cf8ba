#pragma once

#include <mysql.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/plan.h"

namespace rowferry::mysql {

// The stable code of a reason that Decoder::add gives.
std::string_view code_of(std::string_view reason);

// One column of a prepared statement's rows: where the client library puts its values, and how
// these become cells. Chosen once per column. The library keeps pointers into it: it must not move.
class Decoder {
 public:
  // `odd`: a text of a character set that Unicode does not lead back to.
  Decoder(const ColumnRead& column, RowFormat format, bool odd);
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // What to select, so that the value arrives exactly.
  std::string selected() const;
  // To be bound before each execution, and again after grow().
  MYSQL_BIND bind();
  // Fetches the rest of a value that did not fit, of the statement's column `index`. False when
  // there is none to fetch.
  bool fetch_rest(MYSQL_STMT* statement, unsigned index);

  // Adds the current row's value; nullptr, or why it cannot travel and then nothing is added.
  const char* add(Batch& batch) const { return null_ != 0 ? add_null(batch) : add_(*this, batch); }
  // The value as the server gave it, whether or not it can travel.
  RejectedCell shown() const;
  const std::string& name() const { return name_; }

  std::string_view text() const { return {buffer_.data(), length_}; }
  std::int64_t integer() const { return integer_; }
  float real32() const { return real32_; }
  double real64() const { return real64_; }
  const MYSQL_TIME& time() const { return time_; }
  const Type& type() const { return type_; }    // of the source
  const Type& limit() const { return limit_; }  // that the target sets
  bool zero_date_null() const { return zero_date_null_; }

 private:
  using Add = const char* (*)(const Decoder& self, Batch& batch);

  static const char* add_null(Batch& batch);
  std::string bits_of(std::string_view bytes) const;
  void choose(Kind wire);
  void choose_native();

  std::string name_;
  std::string native_;
  Type type_;
  Type limit_;
  bool zero_date_null_ = false;
  RowFormat format_ = RowFormat::cells;
  bool raw_ = false;  // the bytes of a text
  Add add_ = nullptr;
  enum_field_types as_ = MYSQL_TYPE_STRING;
  std::vector<char> buffer_;
  std::int64_t integer_ = 0;
  float real32_ = 0;
  double real64_ = 0;
  MYSQL_TIME time_{};
  unsigned long length_ = 0;
  my_bool null_ = 0;
  my_bool error_ = 0;
};

}  // namespace rowferry::mysql
