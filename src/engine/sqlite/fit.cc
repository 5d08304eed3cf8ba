#include "engine/sqlite/fit.h"

#include <array>

namespace rowferry::sqlite {

const Refusal& refusal_of(Fit fit) {
  static constexpr std::array<Refusal, 15> kRefusals = {
      Refusal{"", ""},
      Refusal{"value.storage", "its storage class is not that of the column's type"},
      Refusal{"value.range", "outside the range of the target's type"},
      Refusal{"value.precision", "cannot be held exactly"},
      Refusal{"value.fraction", "has more digits of a second than the target keeps"},
      Refusal{"value.number", "not a number that the target's digits hold exactly"},
      Refusal{"value.format", "not in the text form of the column's type"},
      Refusal{"value.nul", "text with a NUL character"},
      Refusal{"value.utf8", "text that is not valid UTF-8"},
      Refusal{"value.length", "longer than the target allows"},
      Refusal{"value.nan", "SQLite has no NaN: it would become NULL"},
      Refusal{"value.negative_zero", "the column would drop the sign of -0.0"},
      Refusal{"value.affinity", "the column would turn this text into a number"},
      Refusal{"value.padded", "the target's column of fixed length would pad it, or trim its end"},
      Refusal{"value.null", "the column takes no NULL: it would give out a number instead"},
  };
  return kRefusals.at(static_cast<std::size_t>(fit));
}

}  // namespace rowferry::sqlite
