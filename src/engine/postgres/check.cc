#include "engine/postgres/check.h"

#include <algorithm>

#include "core/bytes.h"
#include "engine/postgres/types.h"

namespace rowferry::postgres {

namespace {

constexpr Unfit kNul{"value.nul", "PostgreSQL's texts hold no NUL character"};
constexpr Unfit kLong{"value.length", "longer than the target allows"};

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

CellCheck text_check(std::size_t most) {
  return [most](std::string_view cell) -> std::optional<Unfit> {
    if (cell.find('\0') != std::string_view::npos) return kNul;
    if (most == 0 || cell.size() <= most || characters(cell) <= most) return std::nullopt;
    return kLong;
  };
}

CellCheck bits_check(const Type& type) {
  return [type](std::string_view cell) -> std::optional<Unfit> {
    const auto bits = load<std::int32_t>(cell.data());
    const bool fits = type.fixed ? bits == type.length : bits <= type.length;
    if (type.length == 0 || fits) return std::nullopt;
    return kLong;
  };
}

}  // namespace

CellCheck check_for(const ColumnWrite& column) {
  const Type type = to_type(column.native);
  const bool text = column.wire == Kind::text || column.wire == Kind::json;
  if (text && type.kind == Kind::text) return text_check(static_cast<std::size_t>(type.length));
  if (text) return text_check(0);
  return column.wire == Kind::bits ? bits_check(type) : CellCheck{};
}

}  // namespace rowferry::postgres
