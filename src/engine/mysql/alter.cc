#include "engine/mysql/alter.h"

#include <algorithm>
#include <array>

#include "engine/mysql/dialect.h"
#include "engine/mysql/types.h"

namespace rowferry::mysql {

namespace {

struct Sized {
  std::string_view base;
  std::int64_t size;
};

// Bits of whole numbers, and bytes of what has no length of its own.
constexpr std::array kWholes = {Sized{"tinyint", 8}, Sized{"smallint", 16}, Sized{"mediumint", 24},
                                Sized{"int", 32}, Sized{"bigint", 64}};
constexpr std::array kLong = {Sized{"tinytext", 255},        Sized{"text", 65'535},
                              Sized{"mediumtext", 16777215}, Sized{"longtext", 4294967295},
                              Sized{"tinyblob", 255},        Sized{"blob", 65'535},
                              Sized{"mediumblob", 16777215}, Sized{"longblob", 4294967295}};

// 0: none of these.
template <typename Table>
std::int64_t size_of(const Table& table, std::string_view base) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const Sized& one) { return one.base == base; });
  return found == table.end() ? 0 : found->size;
}

// Bytes that a value may have, those of texts at four a sign; 0 for other types.
std::int64_t bytes_of(const Column& column) {
  const std::string base = parse_native(column.native).base;
  if (base == "varchar" || base == "char") return std::int64_t{4} * column.type.length;
  if (base == "varbinary") return column.type.length;
  return size_of(kLong, base);
}

bool is_bytes(const Column& column) {
  return column.type.kind == Kind::bytes;
}

bool whole_holds(const NativeName& column, const NativeName& other) {
  const std::int64_t ours = size_of(kWholes, column.base);
  const std::int64_t theirs = size_of(kWholes, other.base);
  if (column.is_unsigned == other.is_unsigned) return ours >= theirs;
  return other.is_unsigned && ours > theirs;
}

bool labels_hold(const Column& column, const Column& other) {
  const std::vector<std::string> ours = labels_of(column.native);
  const std::vector<std::string> theirs = labels_of(other.native);
  return std::all_of(theirs.begin(), theirs.end(), [&](const std::string& label) {
    return std::find(ours.begin(), ours.end(), label) != ours.end();
  });
}

class Words final : public sql::AlterWords {
 public:
  explicit Words(const ServerFacts& facts) : dialect_(facts) {}

  bool holds(const Column& column, const Column& other) const override {
    if (column.native == other.native) return true;
    const NativeName ours = parse_native(column.native);
    const NativeName theirs = parse_native(other.native);
    const bool whole = size_of(kWholes, ours.base) > 0 && size_of(kWholes, theirs.base) > 0;
    if (whole) return whole_holds(ours, theirs);
    if (ours.base == "enum" || theirs.base == "enum" || ours.base == "set" ||
        theirs.base == "set") {
      return ours.base == theirs.base && labels_hold(column, other);
    }
    if (bytes_of(column) > 0 && bytes_of(other) > 0) {
      // CHAR takes the spaces at the end away.
      const bool cut = ours.base == "char" && theirs.base != "char";
      return !cut && is_bytes(column) == is_bytes(other) && bytes_of(column) >= bytes_of(other);
    }
    const bool plain = to_type(column.native).kind != Kind::text &&
                       to_type(column.native).kind != Kind::bytes && ours.base != "year" &&
                       theirs.base != "year";
    return plain && ours.is_unsigned == theirs.is_unsigned && widens(other.type, column.type);
  }

  std::string retype(const Table& table, const Column& column,
                     const Column& wanted) const override {
    Column made = column;
    made.native = wanted.native;
    made.type = wanted.type;
    return "ALTER TABLE " + qualified(table.name) + " MODIFY COLUMN " +
           dialect_.define(made, table);
  }

 private:
  MysqlDialect dialect_;
};

}  // namespace

std::unique_ptr<sql::AlterWords> alter_words(const ServerFacts& facts) {
  return std::make_unique<Words>(facts);
}

}  // namespace rowferry::mysql
