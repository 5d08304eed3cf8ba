#include "engine/sqlite/types.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <optional>
#include <vector>

namespace rowferry::sqlite {

namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// "Decimal ( 10, 2 )" as DECIMAL and {10, 2}.
struct Declared {
  std::string name;
  std::vector<int> numbers;
};

void read_numbers(std::string_view text, std::vector<int>& numbers) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    int value = 0;
    const auto [after, failed] = std::from_chars(at, end, value);
    if (failed == std::errc()) numbers.push_back(value);
    at = failed == std::errc() ? after : at + 1;
  }
}

void append_words(std::string& name, std::string_view text) {
  for (const char c : text) {
    const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!space) {
      name += c;
    } else if (!name.empty() && name.back() != ' ') {
      name += ' ';
    }
  }
}

Declared parse(std::string_view declared) {
  Declared out;
  const std::string text = upper(declared);
  const std::size_t open = std::min(text.find('('), text.size());
  const std::size_t close = std::min(text.find(')', open), text.size());
  append_words(out.name, std::string_view(text).substr(0, open));
  if (close < text.size()) {
    append_words(out.name, " " + text.substr(close + 1));
    read_numbers(std::string_view(text).substr(open + 1, close - open - 1), out.numbers);
  }
  while (out.name.ends_with(' ')) out.name.pop_back();
  return out;
}

struct Named {
  std::string_view name;
  Kind kind;
};

constexpr std::array kNames = {
    Named{"BOOLEAN", Kind::boolean},
    Named{"BOOL", Kind::boolean},
    Named{"INT2", Kind::int16},
    Named{"INT4", Kind::int32},
    Named{"FLOAT4", Kind::float32},
    Named{"DECIMAL", Kind::decimal},
    Named{"NUMERIC", Kind::decimal},
    Named{"DEC", Kind::decimal},
    Named{"NUMBER", Kind::decimal},
    Named{"MONEY", Kind::decimal},
    Named{"DECIMAL_TEXT", Kind::decimal},
    Named{"DATE", Kind::date},
    Named{"TIME", Kind::time},
    Named{"TIME WITHOUT TIME ZONE", Kind::time},
    Named{"DATETIME", Kind::timestamp},
    Named{"TIMESTAMP", Kind::timestamp},
    Named{"TIMESTAMP WITHOUT TIME ZONE", Kind::timestamp},
    Named{"TIMESTAMPTZ", Kind::timestamptz},
    Named{"TIMESTAMP WITH TIME ZONE", Kind::timestamptz},
    Named{"DATETIMEOFFSET", Kind::timestamptz},
    Named{"INTERVAL", Kind::interval},
    Named{"DURATION_TEXT", Kind::interval},
    Named{"JSON", Kind::json},
    Named{"JSONB", Kind::json},
    Named{"JSON_TEXT", Kind::json},
    Named{"UUID", Kind::uuid},
    Named{"GUID", Kind::uuid},
    Named{"UNIQUEIDENTIFIER", Kind::uuid},
    Named{"BIT_TEXT", Kind::bits},
    Named{"VARBIT_TEXT", Kind::bits},
    Named{"BINARY", Kind::bytes},
    Named{"VARBINARY", Kind::bytes},
    Named{"BYTEA", Kind::bytes},
};

std::optional<Kind> kind_by_name(const std::string& name) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                   [&](const Named& one) { return one.name == name; });
  return found == kNames.end() ? std::nullopt : std::optional(found->kind);
}

// By affinity; none for names that say nothing.
std::optional<Kind> kind_by_affinity(std::string_view declared) {
  if (declared.empty()) return std::nullopt;
  switch (affinity_of(declared)) {
    case Affinity::integer:
      return Kind::int64;
    case Affinity::text:
      return Kind::text;
    case Affinity::blob:
      return Kind::bytes;
    case Affinity::real:
      return Kind::float64;
    case Affinity::numeric:
      break;
  }
  return std::nullopt;
}

Type with_limits(Kind kind, const Declared& declared) {
  Type type{.kind = kind};
  if (declared.numbers.empty()) return type;
  const int first = declared.numbers[0];
  if (kind == Kind::decimal) {
    type.precision = first;
    type.scale = declared.numbers.size() > 1 ? declared.numbers[1] : 0;
  } else if (kind == Kind::time || kind == Kind::timestamp || kind == Kind::timestamptz) {
    type.precision = first + 1;
  } else if (kind == Kind::bits) {
    type.length = first;
    type.fixed = declared.name == "BIT_TEXT";
  }
  return type;
}

}  // namespace

Affinity affinity_of(std::string_view declared) {
  const std::string text = upper(declared);
  if (holds(text, "INT")) return Affinity::integer;
  if (holds(text, "CHAR") || holds(text, "CLOB") || holds(text, "TEXT")) return Affinity::text;
  if (text.empty() || holds(text, "BLOB")) return Affinity::blob;
  if (holds(text, "REAL") || holds(text, "FLOA") || holds(text, "DOUB")) return Affinity::real;
  return Affinity::numeric;
}

Type to_type(std::string_view declared) {
  const Declared parsed = parse(declared);
  if (const auto kind = kind_by_name(parsed.name)) return with_limits(*kind, parsed);
  return {.kind = kind_by_affinity(declared).value_or(Kind::text)};
}

namespace {

constexpr const char* kLengthLoss = "the length is not enforced";

std::string in_parentheses(int number) {
  return "(" + std::to_string(number) + ")";
}

// Doubles hold 15 decimal digits exactly; more must be kept as text.
NativeType decimal_type(const Type& type) {
  std::string limits;
  if (type.precision > 0) {
    limits = "(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
  }
  const bool exact =
      type.precision > 0 && type.precision <= 15 && type.scale >= 0 && type.scale <= type.precision;
  if (exact) return {"DECIMAL" + limits, ""};
  return {"DECIMAL_TEXT" + limits, "kept as text: sorts as text"};
}

NativeType text_type(const Type& type) {
  if (type.length == 0) return {"TEXT", ""};
  return {(type.fixed ? "CHAR" : "VARCHAR") + in_parentheses(type.length), kLengthLoss};
}

NativeType bits_type(const Type& type) {
  std::string text = type.fixed ? "BIT_TEXT" : "VARBIT_TEXT";
  if (type.length > 0) text += in_parentheses(type.length);
  return {text, "kept as text"};
}

NativeType time_type(std::string name, const Type& type) {
  if (type.precision > 0) name += in_parentheses(type.precision - 1);
  return {name, ""};
}

}  // namespace

NativeType to_native(const Column& column, const ServerFacts& source) {
  if (source.flavour == "sqlite") return {column.native, ""};
  const Type& type = column.type;
  switch (type.kind) {
    case Kind::boolean:
      return {"BOOLEAN", ""};
    case Kind::int16:
      return {"INT2", ""};
    case Kind::int32:
      return {"INT4", ""};
    case Kind::int64:
      return {"BIGINT", ""};
    case Kind::float32:
      return {"FLOAT4", ""};
    case Kind::float64:
      return {"DOUBLE PRECISION", ""};
    case Kind::decimal:
      return decimal_type(type);
    case Kind::text:
      return text_type(type);
    case Kind::bytes:
      return {"BLOB", type.length > 0 ? kLengthLoss : ""};
    case Kind::uuid:
      return {"UUID", ""};
    case Kind::date:
      return {"DATE", ""};
    case Kind::time:
      return time_type("TIME", type);
    case Kind::timestamp:
      return time_type("TIMESTAMP", type);
    case Kind::timestamptz:
      return time_type("TIMESTAMPTZ", type);
    case Kind::interval:
      return {"DURATION_TEXT", "kept as text"};
    case Kind::json:
      return {"JSON_TEXT", ""};
    case Kind::bits:
      return bits_type(type);
    case Kind::dynamic:
      break;
  }
  return {"", ""};
}

}  // namespace rowferry::sqlite
