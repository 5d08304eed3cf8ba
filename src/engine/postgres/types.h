#pragma once

#include <string>
#include <string_view>

#include "core/type.h"

namespace rowferry::postgres {

// A native type taken apart: "character varying(50)[]" is base "character varying", modifier "50",
// array.
struct NativeName {
  std::string base;
  std::string modifier;
  bool array = false;
};
NativeName parse_native(std::string_view native);

// The neutral type of a native one, as format_type() spells it. A type without a neutral kind of
// its own is text: that is how it is read for other engines.
Type to_type(std::string_view native);

// A type that a person wrote ("varchar(20)", "timestamptz") as format_type() spells it.
std::string spelled(std::string_view type);

// True when the type's send function writes exactly the binary form of its Kind.
bool sends_kind(std::string_view native);

// True when the bytes of the type's send function mean the same on every server and version: no
// OIDs of user types, no locale, no encoding.
bool passes_binary(std::string_view native);

// True for built-in types, and arrays of them, whose text depends on nothing but the stored value.
bool prints_what_it_stores(std::string_view native);

// The native type that holds `type`, spelled as format_type() does.
std::string native_for(const Type& type);

}  // namespace rowferry::postgres
