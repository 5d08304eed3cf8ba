#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace rowferry::mysql {

// "decimal(10,2) unsigned zerofill" apart.
struct NativeName {
  std::string base;       // decimal
  std::string arguments;  // 10,2
  bool is_unsigned = false;
};

NativeName parse_native(std::string_view native);

// A type that a person wrote ("boolean", "INTEGER") as information_schema spells it.
std::string spelled(std::string_view type);

// A column type in one spelling for all versions: without display widths, which mean nothing but
// for tinyint(1) and zerofill.
std::string plain_native(std::string native);

// The neutral type of a column type as information_schema prints it (COLUMN_TYPE). Types that only
// these servers know are text as they print.
Type to_type(std::string_view native);

// True for types that other engines get the text of: enum, set, inet6 and the like.
bool only_here(std::string_view native);

// How these servers hold a column of another engine, and what is lost by that.
NativeType to_native(const Column& column);

// The labels of an enum or set, in order.
std::vector<std::string> labels_of(std::string_view native);
// True where labels may be others than they are said to be: for signs beyond the basic plane of
// Unicode MariaDB prints a question mark.
bool has_garbled_labels(std::string_view native);

// True for an enum that has '' among its labels.
bool has_empty_label(std::string_view native);

// The character set of a collation.
std::string charset_of(std::string_view collation);

// Character sets that have signs Unicode has not, or that keep whatever bytes they are given.
bool is_odd(std::string_view charset);

// True for types whose values are bytes without a character set.
bool is_binary(std::string_view native);

}  // namespace rowferry::mysql
