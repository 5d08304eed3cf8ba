#pragma once

#include "core/convert.h"

namespace rowferry {

// How a column's cells, as they are read, become those that both sides of a comparison meet in:
// equal where the values' canonical forms are equal (docs/formats/canonical.md).
struct Form {
  Conversion conversion = {};  // without a step where cells are of the form's kind already
  int scale = -1;              // of decimals: digits after the point, so many always; -1: as given
  bool trimmed = false;        // spaces at the end of a text stand for nothing
  bool document = false;       // the meaning of a JSON text counts, not its wording

  bool changes() const { return conversion.step != nullptr || scale >= 0 || trimmed || document; }
};

// Adds the cell that `cell` becomes. One that cannot be brought into the form becomes a cell that
// no value of the other side has.
void add_formed(const Form& form, std::string_view cell, Batch& out);

}  // namespace rowferry
