#pragma once

#include <string>

#include "core/schema.h"

namespace rowferry::sql {

// How columns of standing tables become other ones on one kind of server. Pure text.
class AlterWords {
 public:
  virtual ~AlterWords() = default;
  // Whether each value of `other` is one of `column`, and looks there as it does: both are columns
  // of this kind of server.
  virtual bool holds(const Column& column, const Column& other) const = 0;
  // The statement that gives `column` of the table the type of `wanted`; empty where servers of
  // this kind change no type.
  virtual std::string retype(const Table& table, const Column& column,
                             const Column& wanted) const = 0;
};

}  // namespace rowferry::sql
