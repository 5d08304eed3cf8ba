#pragma once

#include <string_view>

#include "core/batch.h"
#include "core/type.h"

// Cells of one kind as cells of another, exactly or not at all. Chosen once per column.
namespace rowferry {

struct Conversion {
  // Adds the cell that means the same; nullptr, or why there is none and then nothing is added.
  using Step = const char* (*)(const Conversion& self, std::string_view cell, Batch& out);

  Kind from = Kind::text;
  Type to;                 // with the limits that hold there
  bool strip_nul = false;  // from texts, first
  bool truncate = false;   // texts and bytes to the length of `to`
  Step step = nullptr;     // nullptr: values of `from` mean nothing as `to`
};

// Whole numbers, decimals, floats, booleans, bits and texts into each other where the value is the
// same; dates into timestamps and back where no time is lost; zoned and plain timestamps as UTC;
// uuids and 16 bytes; texts and their bytes; everything into text, and text into what reads it.
Conversion conversion(Kind from, const Type& to, bool strip_nul, bool truncate);

}  // namespace rowferry
