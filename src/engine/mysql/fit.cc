#include "engine/mysql/fit.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "engine/mysql/types.h"

namespace rowferry::mysql {

namespace {

constexpr int kKeyBytes = 3072;   // of an InnoDB key
constexpr int kRowBytes = 65000;  // of 65,535, which NULL bits and lengths share

// Bytes that a column of a key takes there, at most; 0 for a text without a limit.
int bytes_in_key(const Table& table, const std::string& name) {
  static constexpr int kOthers = 40;
  const Column* column = find_column(table, name);
  if (column == nullptr) return kOthers;
  if (is_long(column->native) || column->native == "json") return 0;
  const NativeName native = parse_native(column->native);
  if (native.base.ends_with("binary")) return std::atoi(native.arguments.c_str());
  return native.base.ends_with("char") ? 4 * std::atoi(native.arguments.c_str()) : kOthers;
}

// How many characters a text without a limit may have in a key over `names`, when all such texts of
// the key have the same share of it.
int share_of(const Table& table, const std::vector<std::string>& names) {
  int left = kKeyBytes;
  int texts = 0;
  for (const std::string& name : names) {
    const int bytes = bytes_in_key(table, name);
    left -= bytes;
    if (bytes == 0) ++texts;
  }
  return std::max(1, left / 4 / std::max(1, texts));
}

std::vector<std::string> names_of(const Index& index) {
  std::vector<std::string> names;
  for (const IndexPart& part : index.parts) {
    if (part.operator_class.empty()) names.push_back(part.column);  // else a prefix is enough
  }
  return names;
}

// How many characters of a text without a limit its keys can hold; 0: it is in none. A longer value
// is refused when it comes, never cut.
int key_room(const Column& column, const Table& table) {
  int room = 0;
  const auto look = [&](const std::vector<std::string>& names) {
    if (std::find(names.begin(), names.end(), column.name) == names.end()) return;
    const int share = share_of(table, names);
    room = room == 0 ? share : std::min(room, share);
  };
  if (table.primary_key) look(names_of(*table.primary_key));
  for (const Index& index : table.indexes) {
    if (index.unique) look(names_of(index));
  }
  for (const ForeignKey& key : table.foreign_keys) look(key.columns);
  return room;
}

// Bytes that a column takes in the row itself, at most.
int bytes_in_row(const Column& column) {
  static constexpr int kPointer = 20;  // to a long text, or a number at its longest
  const NativeName native = parse_native(column.native);
  if (native.base == "varchar" || native.base == "char") {
    return 4 * std::atoi(native.arguments.c_str()) + 2;
  }
  if (native.base == "varbinary" || native.base == "binary") {
    return std::atoi(native.arguments.c_str()) + 2;
  }
  return kPointer;
}

// Bytes that InnoDB reckons for a column in the page, with long values elsewhere.
int bytes_in_page(const Column& column) {
  struct Fixed {
    std::string_view base;
    int bytes;
  };
  static constexpr std::array kFixed = {
      Fixed{"tinyint", 1}, Fixed{"smallint", 2}, Fixed{"mediumint", 3}, Fixed{"int", 4},
      Fixed{"bigint", 8},  Fixed{"float", 4},    Fixed{"double", 8},    Fixed{"date", 3},
      Fixed{"time", 6},    Fixed{"datetime", 8}, Fixed{"timestamp", 7}, Fixed{"year", 1}};
  constexpr int kPointer = 21;
  constexpr int kOutside = 41;  // where a value may stand elsewhere and need not
  const std::string base = parse_native(column.native).base;
  const auto* fixed = std::find_if(kFixed.begin(), kFixed.end(),
                                   [&](const Fixed& one) { return one.base == base; });
  if (fixed != kFixed.end()) return fixed->bytes;
  return is_long(column.native) ? kPointer : std::min(bytes_in_row(column), kOutside);
}

bool in_index(const Table& table, const std::string& column) {
  const auto has = [&](const Index& index) {
    return std::any_of(index.parts.begin(), index.parts.end(),
                       [&](const IndexPart& part) { return part.column == column; });
  };
  return (table.primary_key && has(*table.primary_key)) ||
         std::any_of(table.indexes.begin(), table.indexes.end(), has);
}

bool has(std::string_view name, std::string_view part) {
  return name.find(part) != std::string_view::npos;
}

// How a collation tells letters apart, by the end of its name.
std::string letters_of(std::string_view name) {
  if (name.ends_with("_ai_ci")) return "ai_ci";
  return name.ends_with("_as_ci") ? "as_ci" : "as_cs";
}

// UCA 9.0.0 and 14.0.0 order most texts alike; all of these compare without padding. What only one
// product has for a language becomes what it has for all of them.
std::string mariadb_collation(const std::string& name, int version) {
  constexpr int kUca1400 = 101000;  // the first MariaDB that has it
  if (name == "utf8mb3_tolower_ci") return "utf8mb3_general_ci";
  if (name.starts_with("gb18030_")) {
    return name.ends_with("_bin") ? "utf8mb4_bin" : "utf8mb4_unicode_520_ci";
  }
  if (!name.starts_with("utf8mb4_") || !has(name, "_0900_")) return name;
  if (name.ends_with("_bin")) return "utf8mb4_nopad_bin";
  if (version >= kUca1400) return "utf8mb4_uca1400_nopad_" + letters_of(name);
  return name.ends_with("_ci") ? "utf8mb4_unicode_520_nopad_ci" : "utf8mb4_nopad_bin";
}

std::string mysql_collation(const std::string& name) {
  const std::string charset = charset_of(name);
  const bool four = charset == "utf8mb4";
  if (has(name, "_uca1400_")) {
    return four ? "utf8mb4_0900_" + letters_of(name) : charset + "_unicode_520_ci";
  }
  static constexpr std::string_view kNoPad = "_nopad";
  const std::size_t at = name.find(kNoPad);
  if (at != std::string::npos) {
    if (name.ends_with("_bin")) return "utf8mb4_0900_bin";
    return four ? "utf8mb4_0900_ai_ci" : std::string(name).erase(at, kNoPad.size());
  }
  if (name.ends_with("_croatian_mysql561_ci")) return charset + "_croatian_ci";
  const bool own = name.ends_with("_myanmar_ci") || name.ends_with("_thai_520_w2");
  return own ? charset + "_unicode_520_ci" : name;
}

// TiDB has few, and these sets of signs only: utf8mb4, utf8, latin1, ascii, gbk and binary.
std::string tidb_collation(const std::string& name) {
  static constexpr std::array<std::string_view, 8> kKnown = {
      "binary",         "ascii_bin",   "latin1_bin",         "gbk_bin",
      "gbk_chinese_ci", "utf8mb4_bin", "utf8mb4_0900_ai_ci", "utf8mb4_0900_bin"};
  if (std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end()) return name;
  const std::string charset = charset_of(name);
  if (charset == "ascii" || charset == "latin1" || charset == "gbk") {
    return charset == "gbk" && !has(name, "_bin") ? "gbk_chinese_ci" : charset + "_bin";
  }
  const std::string own = charset == "utf8" || charset == "utf8mb3" ? "utf8" : "utf8mb4";
  if (has(name, "nopad") || has(name, "_0900_")) {
    return name.ends_with("_ci") ? "utf8mb4_0900_ai_ci" : "utf8mb4_0900_bin";
  }
  if (!name.ends_with("_ci")) return own + "_bin";
  return own + (has(name, "_general_") ? "_general_ci" : "_unicode_ci");
}

std::string collation_for(const std::string& name, const std::string& server, int version) {
  if (server == "mariadb") return mariadb_collation(name, version);
  return server == "tidb" ? tidb_collation(name) : mysql_collation(name);
}

// The longest varchar of `names`, all of which it has to share a key with.
Column* longest_varchar(Table& table, const std::vector<std::string>& names) {
  Column* longest = nullptr;
  for (Column& column : table.columns) {
    const bool of_key = std::find(names.begin(), names.end(), column.name) != names.end();
    if (!of_key || !column.native.starts_with("varchar")) continue;
    const bool longer =
        longest == nullptr || bytes_in_key(table, column.name) > bytes_in_key(table, longest->name);
    if (longer) longest = &column;
  }
  return longest;
}

int bytes_of_key(const Table& table, const std::vector<std::string>& names) {
  int bytes = 0;
  for (const std::string& name : names) bytes += bytes_in_key(table, name);
  return bytes;
}

// Shortens the longest varchars of a key that is too long.
void shorten(Table& table, const std::vector<std::string>& names, std::vector<Loss>& losses) {
  for (int over = bytes_of_key(table, names) - kKeyBytes; over > 0;
       over = bytes_of_key(table, names) - kKeyBytes) {
    Column* column = longest_varchar(table, names);
    const int length = column == nullptr ? 0 : column->type.length - (over + 3) / 4;
    if (length <= 0) return;
    column->native = "varchar(" + std::to_string(length) + ")";
    column->type = to_type(column->native);
    losses.push_back({"column.shorter", "column " + column->name + ": holds at most " +
                                            std::to_string(length) +
                                            " characters, being part of a key"});
  }
}

// Lets an index that is too long look at the beginnings of its texts.
void shorten(const Table& table, Index& index, std::vector<Loss>& losses) {
  int texts = 0;
  int bytes = 0;
  for (const IndexPart& part : index.parts) {
    const int own = bytes_in_key(table, part.column);
    const bool text = own == 0 || own > 4 * kPrefix;
    bytes += text ? 4 * kPrefix : own;
    texts += text ? 1 : 0;
  }
  int needed = 0;  // when only texts without a limit have prefixes
  for (const IndexPart& part : index.parts) {
    const int own = bytes_in_key(table, part.column);
    needed += own == 0 ? 4 * kPrefix : own;
  }
  const bool whole = needed <= kKeyBytes && bytes <= kKeyBytes;
  if (texts == 0 || whole) return;
  const int share = std::max(1, (kKeyBytes - (bytes - texts * 4 * kPrefix)) / 4 / texts);
  for (IndexPart& part : index.parts) {
    const int own = bytes_in_key(table, part.column);
    if (own != 0 && own <= 4 * kPrefix) continue;
    part.operator_class = "(" + std::to_string(std::min(share, kPrefix)) + ")";
  }
  losses.push_back({"index.changed", "index " + index.name + ": only the beginnings of its texts"});
}

// An ordinary index sees the beginning of a text without a limit.
void name_prefixes(const Table& table, Index& index, std::vector<Loss>& losses) {
  for (IndexPart& part : index.parts) {
    const Column* column = find_column(table, part.column);
    const bool prefix = column != nullptr && part.operator_class.empty() &&
                        (is_long(column->native) || column->native == "json");
    if (!prefix) continue;
    part.operator_class = "(" + std::to_string(kPrefix) + ")";
    losses.push_back({"index.changed", "index " + index.name + ": only the first " +
                                           std::to_string(kPrefix) + " characters of " +
                                           part.column});
  }
}

}  // namespace

bool is_long(std::string_view native) {
  return native.ends_with("text") || native.ends_with("blob");
}

std::vector<Loss> fit_generated(Table& table) {
  std::vector<Loss> losses;
  for (Column& column : table.columns) {
    if (!column.generated || column.nullable) continue;
    losses.push_back(
        {"column.generated", "column " + column.name + ": NOT NULL of a generated column"});
    column.nullable = true;
  }
  return losses;
}

std::vector<Loss> fit_indexes_of_tidb(Table& table) {
  std::vector<Loss> losses;
  const auto rise = [&](const std::string& what, Index& index) {
    for (IndexPart& part : index.parts) {
      if (!part.descending) continue;
      losses.push_back(
          {"index.changed", what + ": " + part.column + " descending, which TiDB does not keep"});
      part.descending = false;
    }
  };
  if (table.primary_key) rise("primary key", *table.primary_key);
  for (Index& index : table.indexes) {
    if (index.method.empty())
      rise("index " + index.name, index);
    else
      losses.push_back({"index.left_out",
                        "index " + index.name + ": " + index.method + ", which TiDB has none of"});
  }
  std::erase_if(table.indexes, [](const Index& index) { return !index.method.empty(); });
  return losses;
}

bool is_random(const Column& column) {
  return column.identity && column.identity->sequence.native.starts_with("AUTO_RANDOM");
}

std::string counts_instead(const Column& column) {
  return "column " + column.name + ": " + column.identity->sequence.native +
         " becomes counting from the largest number on";
}

std::vector<Loss> fit_beyond_tidb(Table& table) {
  std::vector<Loss> losses;
  if (table.primary_key) table.primary_key->method.clear();
  for (Column& column : table.columns) {
    if (!is_random(column)) continue;
    losses.push_back({"column.identity", counts_instead(column)});
    column.identity->sequence.native.clear();
  }
  return losses;
}

bool knows_type(std::string_view server, std::string_view native) {
  static constexpr std::array<std::string_view, 8> kShapes = {
      "geometry",   "point",           "linestring",   "polygon",
      "multipoint", "multilinestring", "multipolygon", "geometrycollection"};
  const bool shape = std::find(kShapes.begin(), kShapes.end(), native) != kShapes.end();
  if (shape && server == "tidb") return false;
  const bool only_mariadb =
      native == "uuid" || native == "inet4" || native == "inet6" || native.starts_with("vector");
  return server == "mariadb" || !only_mariadb;
}

std::vector<Loss> fit_keys(Table& table) {
  std::vector<Loss> losses;
  for (Column& column : table.columns) {
    const bool json = column.native == "json";
    const int room = json || is_long(column.native) ? key_room(column, table) : 0;
    if (room == 0) continue;
    const bool text = json || column.native.ends_with("text");
    column.native = (text ? "varchar(" : "varbinary(") + std::to_string(room) + ")";
    column.type = to_type(column.native);
    losses.push_back(
        {"column.shorter", "column " + column.name + ": holds at most " + std::to_string(room) +
                               (text ? " characters" : " bytes") + ", being part of a key"});
  }
  if (table.primary_key) shorten(table, names_of(*table.primary_key), losses);
  for (Index& index : table.indexes) {
    const bool tree = index.method.empty();
    if (tree && index.unique) shorten(table, names_of(index), losses);
    if (tree && !index.unique) shorten(table, index, losses);
    if (tree && !index.unique) name_prefixes(table, index, losses);
  }
  return losses;
}

std::vector<Loss> fit_row(Table& table) {
  std::vector<Loss> losses;
  int bytes = 0;
  for (const Column& column : table.columns) bytes += bytes_in_row(column);
  while (bytes > kRowBytes) {
    Column* longest = nullptr;
    for (Column& column : table.columns) {
      const bool movable = column.native.starts_with("var") && !in_index(table, column.name);
      if (!movable) continue;
      if (longest == nullptr || bytes_in_row(column) > bytes_in_row(*longest)) longest = &column;
    }
    if (longest == nullptr) break;
    losses.push_back({"column.limit", "column " + longest->name + ": its limit of " +
                                          parse_native(longest->native).arguments +
                                          ", the row being too long for it"});
    bytes -= bytes_in_row(*longest);
    longest->native = longest->native.starts_with("varchar") ? "longtext" : "longblob";
    longest->type = to_type(longest->native);
    bytes += bytes_in_row(*longest);
  }
  return losses;
}

std::vector<Loss> fit_page(const Table& table) {
  constexpr int kPage = 8126;
  const int columns = static_cast<int>(table.columns.size());
  int bytes = 24 + columns / 8;
  for (const Column& column : table.columns) bytes += bytes_in_page(column);
  if (bytes <= kPage) return {};
  return {{"row.too_wide", "its " + std::to_string(columns) +
                               " columns do not fit a page of 16 kB, as the server reckons: it"
                               " refuses the table, or rows with most of them filled"}};
}

std::vector<Loss> fit_collations(Table& table, const std::string& server, int version) {
  std::vector<Loss> losses;
  const auto fit = [&](const std::string& what, std::string& name) {
    const std::string found = collation_for(name, server, version);
    if (found == name) return;
    losses.push_back({"column.collation", what + "collation " + name + " becomes " + found});
    name = found;
  };
  for (Column& column : table.columns) {
    if (!column.collation.empty()) fit("column " + column.name + ": ", column.collation);
  }
  static constexpr std::string_view kClause = " COLLATE=";
  const std::size_t at = table.options.find(kClause);
  if (at == std::string::npos) return losses;
  const std::size_t begin = at + kClause.size();
  const std::size_t end = std::min(table.options.find_first_of(" \n", begin), table.options.size());
  std::string name = table.options.substr(begin, end - begin);
  fit("", name);
  table.options.replace(begin, end - begin, name);
  static constexpr std::string_view kCharset = " DEFAULT CHARSET=";
  const std::size_t charset = table.options.find(kCharset);
  if (charset < at) {
    const std::size_t start = charset + kCharset.size();
    table.options.replace(start, at - start, charset_of(name));
  }
  return losses;
}

}  // namespace rowferry::mysql
