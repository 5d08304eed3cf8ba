#include "engine/postgres/types.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace rowferry::postgres {

namespace {

struct Known {
  std::string_view name;
  Kind kind;
  bool sends_kind;     // its binary form is that of the kind
  bool passes_binary;  // its binary form passes between servers
};

// Every built-in type that can be a column's. Those that are text here without sending it are read
// as their output function prints them where the other end is another engine.
constexpr std::array<Known, 54> kTypes = {{
    {"boolean", Kind::boolean, true, true},
    {"smallint", Kind::int16, true, true},
    {"integer", Kind::int32, true, true},
    {"bigint", Kind::int64, true, true},
    {"real", Kind::float32, true, true},
    {"double precision", Kind::float64, true, true},
    {"numeric", Kind::decimal, true, true},
    {"text", Kind::text, true, true},
    {"character varying", Kind::text, true, true},
    {"character", Kind::text, true, true},
    {"bytea", Kind::bytes, true, true},
    {"uuid", Kind::uuid, true, true},
    {"date", Kind::date, true, true},
    {"time without time zone", Kind::time, true, true},
    {"timestamp without time zone", Kind::timestamp, true, true},
    {"timestamp with time zone", Kind::timestamptz, true, true},
    {"interval", Kind::interval, true, true},
    {"json", Kind::json, true, true},
    {"bit", Kind::bits, true, true},
    {"bit varying", Kind::bits, true, true},
    {"name", Kind::text, false, true},
    {"jsonb", Kind::json, false, true},
    {"\"char\"", Kind::text, false, true},
    {"oid", Kind::int64, false, true},
    {"xid", Kind::int64, false, true},
    {"xid8", Kind::text, false, true},
    {"cid", Kind::int64, false, true},
    {"tid", Kind::text, false, true},
    {"pg_lsn", Kind::text, false, true},
    {"time with time zone", Kind::text, false, true},
    {"inet", Kind::text, false, true},
    {"cidr", Kind::text, false, true},
    {"macaddr", Kind::text, false, true},
    {"macaddr8", Kind::text, false, true},
    {"point", Kind::text, false, true},
    {"line", Kind::text, false, true},
    {"lseg", Kind::text, false, true},
    {"box", Kind::text, false, true},
    {"path", Kind::text, false, true},
    {"polygon", Kind::text, false, true},
    {"circle", Kind::text, false, true},
    {"int4range", Kind::text, false, true},
    {"int8range", Kind::text, false, true},
    {"numrange", Kind::text, false, true},
    {"tsrange", Kind::text, false, true},
    {"tstzrange", Kind::text, false, true},
    {"daterange", Kind::text, false, true},
    {"money", Kind::decimal, false, false},
    {"xml", Kind::text, false, false},
    {"tsvector", Kind::text, false, false},
    {"tsquery", Kind::text, false, false},
    {"jsonpath", Kind::text, false, false},
    {"txid_snapshot", Kind::text, false, false},
    {"pg_snapshot", Kind::text, false, false},
}};

const Known* find_known(const NativeName& name) {
  if (name.array) return nullptr;
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const Known& known) { return known.name == name.base; });
  return found == kTypes.end() ? nullptr : &*found;
}

struct Alias {
  std::string_view name;
  std::string_view type;
};

// As people write them; format_type() never does.
constexpr std::array kAliases = {
    Alias{"bool", "boolean"},
    Alias{"int2", "smallint"},
    Alias{"int", "integer"},
    Alias{"int4", "integer"},
    Alias{"int8", "bigint"},
    Alias{"float4", "real"},
    Alias{"float", "double precision"},
    Alias{"float8", "double precision"},
    Alias{"decimal", "numeric"},
    Alias{"varchar", "character varying"},
    Alias{"char", "character"},
    Alias{"varbit", "bit varying"},
    Alias{"time", "time without time zone"},
    Alias{"timetz", "time with time zone"},
    Alias{"timestamp", "timestamp without time zone"},
    Alias{"timestamptz", "timestamp with time zone"},
};

int first_number(const std::string& modifier) {
  return modifier.empty() ? 0 : std::atoi(modifier.c_str());
}

int second_number(const std::string& modifier) {
  const std::size_t comma = modifier.find(',');
  return comma == std::string::npos ? 0 : std::atoi(modifier.c_str() + comma + 1);
}

std::string with_length(std::string name, int length) {
  return length > 0 ? name + "(" + std::to_string(length) + ")" : name;
}

// "timestamp(3) without time zone" for a precision of 3 + 1.
std::string with_precision(std::string_view head, int precision, std::string_view tail) {
  std::string text(head);
  if (precision > 0 && precision <= 6) text += "(" + std::to_string(precision - 1) + ")";
  return text + std::string(tail);
}

}  // namespace

NativeName parse_native(std::string_view native) {
  NativeName name;
  while (native.ends_with("[]")) {
    name.array = true;
    native.remove_suffix(2);
  }
  const std::size_t open = native.starts_with('"') ? std::string_view::npos : native.find('(');
  if (open == std::string_view::npos) {
    name.base = native;
    return name;
  }
  const std::size_t close = std::min(native.find(')', open), native.size() - 1);
  name.base = std::string(native.substr(0, open)) + std::string(native.substr(close + 1));
  name.modifier = native.substr(open + 1, close - open - 1);
  return name;
}

Type to_type(std::string_view native) {
  const NativeName name = parse_native(native);
  const Known* known = find_known(name);
  if (known == nullptr) return {.kind = Kind::text};
  Type type{.kind = known->kind};
  switch (known->kind) {
    case Kind::decimal:
      type.precision = first_number(name.modifier);
      type.scale = second_number(name.modifier);
      break;
    case Kind::text:
    case Kind::bits:
      if (known->sends_kind) type.length = first_number(name.modifier);
      type.fixed = name.base == "character" || name.base == "bit";
      break;
    case Kind::time:
    case Kind::timestamp:
    case Kind::timestamptz:
    case Kind::interval:
      if (!name.modifier.empty()) type.precision = first_number(name.modifier) + 1;
      break;
    default:
      break;
  }
  return type;
}

std::string spelled(std::string_view type) {
  if (type.starts_with('"')) return std::string(type);
  std::string text(type);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const NativeName name = parse_native(text);
  const auto* found = std::find_if(kAliases.begin(), kAliases.end(),
                                   [&](const Alias& alias) { return alias.name == name.base; });
  if (found == kAliases.end()) return text;
  std::string out(found->type);
  if (!name.modifier.empty()) {
    // "timestamp(3) with time zone", "character varying(3)"
    const bool timed = name.base.starts_with("time");
    out.insert(timed ? out.find(' ') : out.size(), "(" + name.modifier + ")");
  }
  return name.array ? out + "[]" : out;
}

bool sends_kind(std::string_view native) {
  const Known* known = find_known(parse_native(native));
  return known != nullptr && known->sends_kind;
}

bool prints_what_it_stores(std::string_view native) {
  NativeName name = parse_native(native);
  name.array = false;
  return find_known(name) != nullptr;
}

bool passes_binary(std::string_view native) {
  NativeName name = parse_native(native);
  name.array = false;  // an array's bytes name its element type, and built-in ones never change
  const Known* known = find_known(name);
  return known != nullptr && known->passes_binary;
}

std::string native_for(const Type& type) {
  switch (type.kind) {
    case Kind::boolean:
      return "boolean";
    case Kind::int16:
      return "smallint";
    case Kind::int32:
      return "integer";
    case Kind::int64:
      return "bigint";
    case Kind::float32:
      return "real";
    case Kind::float64:
      return "double precision";
    case Kind::decimal:
      if (type.precision == 0 || type.precision > 1000) return "numeric";
      return "numeric(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
    case Kind::bytes:
      return "bytea";
    case Kind::uuid:
      return "uuid";
    case Kind::date:
      return "date";
    case Kind::time:
      return with_precision("time", type.precision, " without time zone");
    case Kind::timestamp:
      return with_precision("timestamp", type.precision, " without time zone");
    case Kind::timestamptz:
      return with_precision("timestamp", type.precision, " with time zone");
    case Kind::interval:
      return "interval";
    case Kind::json:
      return "json";
    case Kind::bits:
      return with_length(type.fixed ? "bit" : "bit varying", type.length);
    case Kind::text:
    case Kind::dynamic:
      break;
  }
  if (type.length == 0) return "text";
  return with_length(type.fixed ? "character" : "character varying", type.length);
}

}  // namespace rowferry::postgres
