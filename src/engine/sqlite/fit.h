#pragma once

#include <string_view>

namespace rowferry::sqlite {

// Why a value cannot travel as it is.
enum class Fit {
  ok,
  storage,
  range,
  precision,
  fraction,
  number,
  format,
  nul,
  utf8,
  length,
  nan,
  negative_zero,
  affinity,
  padded,
  null,
};

struct Refusal {
  std::string_view code;  // of Error: "value.range"
  std::string_view reason;
};

// What to say of `fit`, which is not ok.
const Refusal& refusal_of(Fit fit);

}  // namespace rowferry::sqlite
