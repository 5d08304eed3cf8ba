#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/type.h"

namespace rowferry {

// Appends the canonical form of a cell of `type`, as docs/formats/canonical.md says it. The cell is
// in the binary form of type.kind; documents are taken as their text.
void append_canonical(std::string& out, const Type& type, std::string_view cell);
std::string canonical(const Type& type, std::string_view cell);

// The normal form of a JSON document, in which texts that mean the same are the same; nothing for
// text that is no document, or has a number beyond those of 64-bit floats.
std::optional<std::string> normal_document(std::string_view json);

}  // namespace rowferry
