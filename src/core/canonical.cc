#include "core/canonical.h"

#include "core/utf8.h"
#include "core/value.h"

namespace rowferry {

namespace {

// A decimal's text with exactly `scale` digits behind the point.
void append_scaled(std::string& out, std::string text, int scale) {
  const bool number = text.find_first_not_of("-.0123456789") == std::string::npos;
  if (number) {
    const std::size_t point = text.find('.');
    const std::size_t given = point == std::string::npos ? 0 : text.size() - point - 1;
    const auto wanted = static_cast<std::size_t>(scale);
    if (given == 0 && wanted > 0) text += '.';
    if (given < wanted) text.append(wanted - given, '0');
    if (given > wanted) text.resize(text.size() - (given - wanted) - (wanted == 0 ? 1 : 0));
  }
  out += text;
}

}  // namespace

void append_canonical(std::string& out, const Type& type, std::string_view cell) {
  if (type.kind == Kind::decimal && type.precision > 0 && type.scale >= 0) {
    return append_scaled(out, to_text(type.kind, cell), type.scale);
  }
  const std::size_t start = out.size();
  append_text(out, type.kind, cell);
  // A real among values that bring their own types along is told from a whole number.
  const bool real = type.kind == Kind::dynamic && cell.front() == 'r';
  if (real && out.find_first_not_of("-0123456789", start) == std::string::npos) out += ".0";
  if (type.kind != Kind::text || !type.fixed) return;
  const auto length = static_cast<std::size_t>(type.length);
  const std::size_t given = count_characters(cell);
  if (given < length) out.append(length - given, ' ');
}

std::string canonical(const Type& type, std::string_view cell) {
  std::string out;
  append_canonical(out, type, cell);
  return out;
}

}  // namespace rowferry
