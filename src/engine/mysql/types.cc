#include "engine/mysql/types.h"

#include <strings.h>
#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace rowferry::mysql {

namespace {

struct Known {
  std::string_view base;
  Kind kind;
  Kind when_unsigned;
};

// year and the spatial types print as whole numbers and bytes.
constexpr std::array kTypes = {
    Known{"tinyint", Kind::int16, Kind::int16},
    Known{"smallint", Kind::int16, Kind::int32},
    Known{"mediumint", Kind::int32, Kind::int32},
    Known{"int", Kind::int32, Kind::int64},
    Known{"bigint", Kind::int64, Kind::decimal},
    Known{"year", Kind::int16, Kind::int16},
    Known{"float", Kind::float32, Kind::float32},
    Known{"double", Kind::float64, Kind::float64},
    Known{"decimal", Kind::decimal, Kind::decimal},
    Known{"bit", Kind::bits, Kind::bits},
    Known{"date", Kind::date, Kind::date},
    Known{"time", Kind::interval, Kind::interval},
    Known{"datetime", Kind::timestamp, Kind::timestamp},
    Known{"timestamp", Kind::timestamptz, Kind::timestamptz},
    Known{"char", Kind::text, Kind::text},
    Known{"varchar", Kind::text, Kind::text},
    Known{"tinytext", Kind::text, Kind::text},
    Known{"text", Kind::text, Kind::text},
    Known{"mediumtext", Kind::text, Kind::text},
    Known{"longtext", Kind::text, Kind::text},
    Known{"json", Kind::json, Kind::json},
    Known{"uuid", Kind::uuid, Kind::uuid},
    Known{"binary", Kind::bytes, Kind::bytes},
    Known{"varbinary", Kind::bytes, Kind::bytes},
    Known{"tinyblob", Kind::bytes, Kind::bytes},
    Known{"blob", Kind::bytes, Kind::bytes},
    Known{"mediumblob", Kind::bytes, Kind::bytes},
    Known{"longblob", Kind::bytes, Kind::bytes},
    Known{"geometry", Kind::bytes, Kind::bytes},
    Known{"point", Kind::bytes, Kind::bytes},
    Known{"linestring", Kind::bytes, Kind::bytes},
    Known{"polygon", Kind::bytes, Kind::bytes},
    Known{"multipoint", Kind::bytes, Kind::bytes},
    Known{"multilinestring", Kind::bytes, Kind::bytes},
    Known{"multipolygon", Kind::bytes, Kind::bytes},
    Known{"geometrycollection", Kind::bytes, Kind::bytes},
    Known{"geomcollection", Kind::bytes, Kind::bytes},
};

const Known* find_known(const std::string& base) {
  const auto* found = std::find_if(kTypes.begin(), kTypes.end(),
                                   [&](const Known& known) { return known.base == base; });
  return found == kTypes.end() ? nullptr : found;
}

int first_number(const std::string& arguments) {
  return arguments.empty() ? 0 : std::atoi(arguments.c_str());
}

int second_number(const std::string& arguments) {
  const std::size_t comma = arguments.find(',');
  return comma == std::string::npos ? 0 : std::atoi(arguments.c_str() + comma + 1);
}

constexpr int kUnsignedDigits = 20;  // of the largest unsigned 64-bit number

void set_limits(const NativeName& name, Type& type) {
  switch (type.kind) {
    case Kind::decimal:
      type.precision = name.base == "bigint" ? kUnsignedDigits : first_number(name.arguments);
      type.scale = name.base == "bigint" ? 0 : second_number(name.arguments);
      break;
    case Kind::bits:
      type.length = std::max(1, first_number(name.arguments));
      type.fixed = true;
      break;
    case Kind::text:
      if (name.base == "char" || name.base == "varchar") type.length = first_number(name.arguments);
      break;
    case Kind::bytes:
      if (name.base == "binary" || name.base == "varbinary") {
        type.length = first_number(name.arguments);
      }
      break;
    case Kind::timestamp:
    case Kind::timestamptz:
    case Kind::interval:
      type.precision = first_number(name.arguments) + 1;
      break;
    default:
      break;
  }
}

constexpr int kLongestVarchar = 16000;  // characters of utf8mb4 that one row can hold beside others
constexpr int kMostDigits = 65;
constexpr int kMostScale = 30;
constexpr int kMostFraction = 6;
constexpr int kMostBits = 64;

std::string with(const char* name, int number) {
  return std::string(name) + "(" + std::to_string(number) + ")";
}

// Fractions of a second; without a limit all that the neutral form has.
std::string timed(const char* name, const Type& type) {
  const int digits =
      type.precision > 0 ? std::min(type.precision - 1, kMostFraction) : kMostFraction;
  return digits == 0 ? name : with(name, digits);  // as the server tells it
}

constexpr const char* kUntyped = "declared without a type: its values become text";

NativeType decimal_type(const Type& type) {
  const bool fits = type.precision > 0 && type.precision <= kMostDigits && type.scale >= 0 &&
                    type.scale <= kMostScale && type.scale <= type.precision;
  if (!fits) return {"longtext", "kept as text: these servers hold decimal(65,30) at most"};
  return {"decimal(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")", ""};
}

NativeType text_type(const Type& type) {
  if (type.length == 0 || type.length > kLongestVarchar) return {"longtext", ""};
  return {with("varchar", type.length), type.fixed ? "not padded to its length" : ""};
}

}  // namespace

NativeName parse_native(std::string_view native) {
  NativeName name;
  const std::size_t open = native.find('(');
  const std::size_t end = std::min(open, std::min(native.find(' '), native.size()));
  name.base = native.substr(0, end);
  const std::size_t close = native.rfind(')');
  if (open != std::string_view::npos && close != std::string_view::npos) {
    name.arguments = native.substr(open + 1, close - open - 1);
  }
  const std::size_t after = close == std::string_view::npos ? end : close;
  name.is_unsigned = native.find("unsigned", after) != std::string_view::npos;
  return name;
}

std::string spelled(std::string_view type) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kAliases = {
      {{"double precision", "double"},
       {"character varying", "varchar"},
       {"char varying", "varchar"},
       {"character", "char"},
       {"fixed", "decimal"},
       {"bool", "tinyint(1)"},
       {"boolean", "tinyint(1)"},
       {"integer", "int"},
       {"numeric", "decimal"},
       {"dec", "decimal"},
       {"real", "double"}}};
  const std::size_t end = std::min(type.find_first_of(" ("), type.size());
  std::string text(type);
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto* found = std::find_if(kAliases.begin(), kAliases.end(), [&](const auto& alias) {
    const std::size_t size = alias.first.size();
    const bool begins = strncasecmp(text.c_str(), alias.first.data(), size) == 0;
    return begins && (text.size() == size || text[size] == ' ' || text[size] == '(');
  });
  if (found != kAliases.end()) text.replace(0, found->first.size(), found->second);
  return plain_native(std::move(text));
}

std::string plain_native(std::string native) {
  const NativeName name = parse_native(native);
  if (name.base == "geomcollection") return "geometrycollection";
  const bool whole = name.base.ends_with("int") || name.base == "year";
  const bool shown =
      native.starts_with("tinyint(1)") || native.find("zerofill") != std::string::npos;
  if (!whole || shown || name.arguments.empty()) return native;
  const std::size_t open = native.find('(');
  return native.erase(open, native.find(')') + 1 - open);
}

bool only_here(std::string_view native) {
  return find_known(parse_native(native).base) == nullptr;
}

Type to_type(std::string_view native) {
  const NativeName name = parse_native(native);
  const Known* known = find_known(name.base);
  if (known == nullptr) return {.kind = Kind::text};  // enum, set, inet4, inet6, vector
  Type type{.kind = name.is_unsigned ? known->when_unsigned : known->kind};
  if (name.base == "tinyint" && name.arguments == "1" && !name.is_unsigned) return type;
  set_limits(name, type);
  return type;
}

NativeType to_native(const Column& column) {
  const Type& type = column.type;
  switch (type.kind) {
    case Kind::boolean:
      return {"tinyint(1)", ""};
    case Kind::int16:
      return {"smallint", ""};
    case Kind::int32:
      return {"int", ""};
    case Kind::int64:
      return {"bigint", ""};
    case Kind::float32:
      return {"float", ""};
    case Kind::float64:
      return {"double", ""};
    case Kind::decimal:
      return decimal_type(type);
    case Kind::text:
      if (column.native.empty()) return {"longtext", kUntyped};
      return text_type(type);
    case Kind::bytes:
      return {"longblob", ""};
    case Kind::uuid:
      return {"char(36)", "kept as text"};
    case Kind::date:
      return {"date", ""};
    case Kind::time:
      return {timed("time", type), ""};
    case Kind::timestamp:
    case Kind::timestamptz:
      return {timed("datetime", type), type.kind == Kind::timestamptz ? "kept in UTC" : ""};
    case Kind::interval:
      return {"longtext", "kept as text"};
    case Kind::json:
      return {"json", ""};
    case Kind::bits:
      if (type.fixed && type.length > 0 && type.length <= kMostBits)
        return {with("bit", type.length), ""};
      return {"longtext", "kept as text"};
    case Kind::dynamic:
      break;
  }
  return {"longtext", kUntyped};
}

std::vector<std::string> labels_of(std::string_view native) {
  const std::string text = parse_native(native).arguments;
  std::vector<std::string> labels;
  for (std::size_t at = text.find('\''); at < text.size(); at = text.find('\'', at)) {
    std::string& label = labels.emplace_back();
    for (++at; at < text.size(); ++at) {
      const bool escaped = text[at] == '\\' || (text[at] == '\'' && text.substr(at + 1, 1) == "'");
      if (escaped)
        ++at;
      else if (text[at] == '\'')
        break;
      if (at < text.size()) label += text[at];
    }
    ++at;
  }
  return labels;
}

bool has_empty_label(std::string_view native) {
  if (parse_native(native).base != "enum") return false;
  const std::vector<std::string> labels = labels_of(native);
  return std::find(labels.begin(), labels.end(), "") != labels.end();
}

bool has_garbled_labels(std::string_view native) {
  const std::string base = parse_native(native).base;
  return (base == "enum" || base == "set") && native.find('?') != std::string_view::npos;
}

std::string charset_of(std::string_view collation) {
  return std::string(collation.substr(0, collation.find('_')));
}

bool is_odd(std::string_view charset) {
  static constexpr std::array<std::string_view, 9> kWhole = {
      "", "utf8mb4", "utf8mb3", "utf8", "ucs2", "utf16", "utf16le", "utf32", "latin1"};
  return std::find(kWhole.begin(), kWhole.end(), charset) == kWhole.end();
}

bool is_binary(std::string_view native) {
  const Type type = to_type(native);
  return type.kind == Kind::bytes;
}

}  // namespace rowferry::mysql
