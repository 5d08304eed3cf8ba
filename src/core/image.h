#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/type.h"

namespace rowferry {

// Whether a cell has the size that its kind gives; one that could not be brought into the kind has
// another (flow/form.h).
bool sound(Kind kind, std::string_view cell);

// Whether the texts of this kind stand in a row's image behind their length: those that may hold
// any sign, or none.
bool framed(Kind kind);

// Appends the image of a row that ordered digests are taken over (docs/formats/digest.md): for each
// column its canonical text, behind its length in bytes and a colon where framed(), and a comma.
// NULL has no text and no length. `row`: in format `cells`, of these kinds.
void append_image(std::string& out, const std::vector<Kind>& kinds, std::string_view row);

}  // namespace rowferry
