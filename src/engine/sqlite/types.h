#pragma once

#include <string>
#include <string_view>

#include "engine/engine.h"

namespace rowferry::sqlite {

// What SQLite does to values stored in a column, by the rules of sqlite.org/datatype3.html#3.1.
enum class Affinity { integer, text, blob, real, numeric };

Affinity affinity_of(std::string_view declared);

// True when storing text in such a column may turn it into a number.
inline bool converts_text(Affinity affinity) {
  return affinity != Affinity::text && affinity != Affinity::blob;
}

// The neutral type of a declared one. Lengths of text are left out: SQLite never enforces them. A
// type that says nothing known is text, in which numbers are carried as they print.
Type to_type(std::string_view declared);

// How SQLite holds a column of another engine. to_type of the answer has the column's kind again.
NativeType to_native(const Column& column, const ServerFacts& source);

}  // namespace rowferry::sqlite
