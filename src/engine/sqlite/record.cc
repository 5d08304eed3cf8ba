// record_literals of engine/sqlite/btree.h.
#include <bit>
#include <span>

#include "engine/sqlite/btree.h"
#include "engine/sqlite/literal.h"
#include "engine/sqlite/node.h"

namespace rowferry::sqlite {

namespace {

using Bytes = std::span<const unsigned char>;

// Bytes of a value by its serial type.
std::size_t size_of(std::int64_t type) {
  static constexpr std::size_t kSizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return type < 12 ? kSizes[type] : static_cast<std::size_t>((type - 12) / 2);
}

std::int64_t integer_of(Bytes bytes) {
  std::uint64_t value = (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const unsigned char byte : bytes) value = value << 8 | byte;
  return static_cast<std::int64_t>(value);
}

std::optional<std::string> literal_of(std::int64_t type, Bytes bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (type == 8 || type == 9) return type == 8 ? "0" : "1";
  if (type >= 1 && type <= 6) return std::to_string(integer_of(bytes));
  if (type == 7) return real_literal(std::bit_cast<double>(integer_of(bytes)));
  if (type < 12) return std::nullopt;
  return type % 2 == 0 ? blob_literal(text) : stored_text_literal(text);
}

}  // namespace

std::optional<std::vector<std::string>> record_literals(const std::string& record,
                                                        std::size_t count) {
  const Bytes bytes(reinterpret_cast<const unsigned char*>(record.data()), record.size());
  const Varint header = varint(bytes);
  const auto header_size = static_cast<std::size_t>(header.value);
  if (header.length == 0 || header_size > bytes.size()) return std::nullopt;
  std::size_t type_at = header.length;
  std::size_t value_at = header_size;
  std::vector<std::string> literals;
  while (literals.size() < count) {
    if (type_at >= header_size) return std::nullopt;
    const Varint type = varint(bytes.subspan(type_at));
    if (type.length == 0 || type.value < 0) return std::nullopt;
    const std::size_t size = size_of(type.value);
    if (size > bytes.size() - value_at) return std::nullopt;
    const auto literal = literal_of(type.value, bytes.subspan(value_at, size));
    if (!literal) return std::nullopt;
    literals.push_back(*literal);
    type_at += type.length;
    value_at += size;
  }
  return literals;
}

}  // namespace rowferry::sqlite
