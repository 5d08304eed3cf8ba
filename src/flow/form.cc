#include "flow/form.h"

#include <algorithm>

#include "core/bytes.h"
#include "core/canonical.h"

namespace rowferry {

namespace {

constexpr char kForeign = '\xff';  // no UTF-8 has it, and no other form has one byte more

void add_foreign(std::string_view cell, Batch& out) {
  char* const to = out.add_cell(cell.size() + 1);
  *to = kForeign;
  std::copy(cell.begin(), cell.end(), to + 1);
}

// Zeros at the end of a number are a matter of its scale alone: its digits of base 10000 end before
// them.
void add_scaled(std::string_view cell, int scale, Batch& out) {
  constexpr std::size_t kSignAt = 4;
  constexpr std::size_t kScaleAt = 6;
  constexpr std::uint16_t kNegative = 0x4000;
  char* const to = out.add_cell(cell.size());
  std::copy(cell.begin(), cell.end(), to);
  const auto sign = load<std::uint16_t>(cell.data() + kSignAt);
  const bool finite = sign == 0 || sign == kNegative;
  const bool fewer = load<std::int16_t>(cell.data() + kScaleAt) <= scale;
  if (finite && fewer) store(to + kScaleAt, static_cast<std::int16_t>(scale));
}

void add_text(const Form& form, std::string_view cell, Batch& out) {
  if (form.document) {
    const auto normal = normal_document(cell);
    return out.add_cell(normal ? std::string_view(*normal) : cell);
  }
  if (form.trimmed) cell = cell.substr(0, cell.find_last_not_of(' ') + 1);
  out.add_cell(cell);
}

// What the conversion makes of a cell, until its next call; without data where it makes nothing.
std::string_view converted(const Conversion& conversion, std::string_view cell) {
  constexpr std::size_t kLength = 4;
  static thread_local Batch one;
  one.clear();
  if (conversion.step(conversion, cell, one) != nullptr) return {};
  return one.bytes().substr(kLength);
}

}  // namespace

void add_formed(const Form& form, std::string_view cell, Batch& out) {
  if (form.conversion.step != nullptr) {
    const std::string_view made = converted(form.conversion, cell);
    if (made.data() == nullptr) return add_foreign(cell, out);
    cell = made;
  }
  if (form.scale >= 0) return add_scaled(cell, form.scale, out);
  add_text(form, cell, out);
}

}  // namespace rowferry
