#include "engine/mysql/check.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/bytes.h"
#include "core/value.h"
#include "engine/mysql/types.h"

namespace rowferry::mysql {

namespace {

constexpr Unfit kRange{"value.range", "outside the range of the target's type"};
constexpr Unfit kNumber{"value.number", "not a number that the target's digits hold exactly"};
constexpr Unfit kNan{"value.nan", "the target has neither NaN nor infinity"};
constexpr Unfit kZero{"value.negative_zero", "the target would drop the sign of -0.0"};
constexpr Unfit kLong{"value.length", "longer than the target allows"};
constexpr Unfit kLabel{"value.label", "none of the labels that the target's column has"};
constexpr Unfit kFraction{"value.precision", "more digits of a second than the target keeps"};
constexpr Unfit kDate{"value.date", "a date that the target has not: its years are 1 to 9999"};

using Found = std::optional<Unfit>;

constexpr std::int64_t kMicros = 1'000'000;
constexpr std::int64_t kDay = 86400 * kMicros;
constexpr std::int32_t kFirstDay = -730119;  // 0001-01-01, of 2000-01-01
constexpr std::int32_t kLastDay = 2921939;   // 9999-12-31

std::int64_t whole_of(Kind kind, std::string_view cell) {
  switch (kind) {
    case Kind::boolean:
      return cell[0];
    case Kind::int16:
      return load<std::int16_t>(cell.data());
    case Kind::int32:
      return load<std::int32_t>(cell.data());
    default:
      return load<std::int64_t>(cell.data());
  }
}

struct Whole {
  std::string_view base;
  int bits;
};
constexpr std::array kWholes = {Whole{"tinyint", 8}, Whole{"smallint", 16}, Whole{"mediumint", 24},
                                Whole{"int", 32}, Whole{"bigint", 64}};

bool is_whole(Kind kind) {
  return kind == Kind::boolean || kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64;
}

CellCheck whole_check(Kind kind, const NativeName& native) {
  if (native.base == "year") {
    return [kind](std::string_view cell) -> Found {
      const std::int64_t year = whole_of(kind, cell);
      if (year == 0 || (year >= 1901 && year <= 2155)) return std::nullopt;
      return kRange;
    };
  }
  const auto known = std::find_if(kWholes.begin(), kWholes.end(),
                                  [&](const Whole& one) { return one.base == native.base; });
  if (known == kWholes.end()) return {};
  const int bits = known->bits;
  if (bits == 64 && !native.is_unsigned) return {};
  const std::int64_t half = bits == 64 ? 0 : std::int64_t{1} << (bits - 1);
  const std::int64_t least = native.is_unsigned ? 0 : -half;
  const std::int64_t most = bits == 64           ? std::numeric_limits<std::int64_t>::max()
                            : native.is_unsigned ? 2 * half - 1
                                                 : half - 1;
  return [kind, least, most](std::string_view cell) -> Found {
    const std::int64_t value = whole_of(kind, cell);
    if (value >= least && value <= most) return std::nullopt;
    return kRange;
  };
}

CellCheck real_check(Kind kind, bool is_unsigned, bool signed_zero) {
  return [kind, is_unsigned, signed_zero](std::string_view cell) -> Found {
    const double value = kind == Kind::float32 ? load_float(cell.data()) : load_double(cell.data());
    if (!std::isfinite(value)) return kNan;
    if (is_unsigned && value < 0) return kRange;
    if (value == 0 && std::signbit(value) && !signed_zero) return kZero;
    return std::nullopt;
  };
}

CellCheck decimal_check(const Type& type, bool is_unsigned) {
  return [type, is_unsigned, room = std::make_shared<Batch>()](std::string_view cell) -> Found {
    const std::string text = to_text(Kind::decimal, cell);
    if (text.find_first_of("Ny") != std::string::npos) return kNan;  // NaN, Infinity
    if (is_unsigned && text.starts_with('-')) return kRange;
    room->clear();
    room->begin_row(1);
    if (add_decimal(*room, text, type)) return std::nullopt;
    return kNumber;
  };
}

CellCheck date_check() {
  return [](std::string_view cell) -> Found {
    const auto days = load<std::int32_t>(cell.data());
    if (days >= kFirstDay && days <= kLastDay) return std::nullopt;
    return kDate;
  };
}

// The divisor that leaves nothing of a time that a column with that many digits keeps.
std::int64_t unit_of(const Type& type) {
  std::int64_t unit = kMicros;
  for (int digits = std::max(1, type.precision); digits > 1; --digits) unit /= 10;
  return std::max<std::int64_t>(1, unit);
}

CellCheck moment_check(const NativeName& native, const Type& type) {
  const bool stamp = native.base == "timestamp";
  constexpr std::int64_t k1970 = -946684800 * kMicros;
  constexpr std::int64_t k2038 = 1200798848 * kMicros;  // 2^31 seconds after 1970
  const std::int64_t least = stamp ? k1970 + kMicros : kFirstDay * kDay;
  const std::int64_t beyond = stamp ? k2038 : (std::int64_t{kLastDay} + 1) * kDay;
  const std::int64_t unit = unit_of(type);
  return [=](std::string_view cell) -> Found {
    const auto micros = load<std::int64_t>(cell.data());
    if (micros < least || micros >= beyond) return stamp ? kRange : kDate;
    if (micros % unit != 0) return kFraction;
    return std::nullopt;
  };
}

CellCheck clock_check(Kind kind, const Type& type) {
  constexpr std::int64_t kMost = (838 * 3600 + 59 * 60 + 59) * kMicros;
  const std::int64_t unit = unit_of(type);
  return [kind, unit](std::string_view cell) -> Found {
    const auto micros = load<std::int64_t>(cell.data());
    const bool days = kind == Kind::interval && (load<std::int32_t>(cell.data() + 8) != 0 ||
                                                 load<std::int32_t>(cell.data() + 12) != 0);
    if (days || micros < -kMost || micros > kMost) return kRange;
    if (micros % unit != 0) return kFraction;
    return std::nullopt;
  };
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

// Bytes that a text or blob type without a length of its own holds; 0: more than travels.
std::size_t room_of(const std::string& base) {
  if (base.starts_with("tiny")) return 255;
  if (base.starts_with("medium")) return (1U << 24) - 1;
  return base == "text" || base == "blob" ? 65535 : 0;
}

CellCheck text_check(Kind kind, const NativeName& native) {
  const bool counted = native.base.ends_with("char");
  const std::size_t most = counted ? static_cast<std::size_t>(std::atoi(native.arguments.c_str()))
                                   : room_of(native.base);
  const bool as_it_is = kind == Kind::text || kind == Kind::json;
  if (most == 0 && !counted) return {};
  return [=](std::string_view cell) -> Found {
    const std::string rendered = as_it_is ? "" : to_text(kind, cell);
    const std::string_view text = as_it_is ? cell : rendered;
    if ((counted ? characters(text) : text.size()) <= most) return std::nullopt;
    return kLong;
  };
}

CellCheck bytes_check(const NativeName& native) {
  const bool counted = native.base.ends_with("binary");
  const std::size_t most = counted ? static_cast<std::size_t>(std::atoi(native.arguments.c_str()))
                                   : room_of(native.base);
  if (most == 0 && !counted) return {};
  return [most](std::string_view cell) -> Found {
    if (cell.size() <= most) return std::nullopt;
    return kLong;
  };
}

CellCheck bits_check(const Type& type) {
  return [most = std::max(1, type.length)](std::string_view cell) -> Found {
    if (load<std::int32_t>(cell.data()) <= most) return std::nullopt;
    return kLong;
  };
}

// An empty text is a value that enums and sets have of themselves.
CellCheck label_check(const std::string& native, bool set) {
  return [labels = labels_of(native), set](std::string_view cell) -> Found {
    auto from = labels.begin();
    for (std::size_t at = 0; at <= cell.size() && !cell.empty();) {
      const std::size_t end = set ? std::min(cell.find(',', at), cell.size()) : cell.size();
      from = std::find(from, labels.end(), cell.substr(at, end - at));
      if (from == labels.end()) return kLabel;
      ++from;
      at = end + 1;
    }
    return std::nullopt;
  };
}

}  // namespace

CellCheck check_for(const ColumnWrite& column, bool signed_zero) {
  const NativeName native = parse_native(column.native);
  const Type type = to_type(column.native);
  const Kind wire = column.wire;
  const bool labelled = native.base == "enum" || native.base == "set";
  if (labelled && wire == Kind::text) return label_check(column.native, native.base == "set");
  const bool text = native.base.ends_with("char") || native.base.ends_with("text");
  if (text) return text_check(wire, native);
  if (is_whole(wire)) return whole_check(wire, native);
  switch (wire) {
    case Kind::float32:
    case Kind::float64:
      return real_check(wire, native.is_unsigned, signed_zero);
    case Kind::decimal:
      return decimal_check(type, native.is_unsigned);
    case Kind::date:
      return date_check();
    case Kind::timestamp:
    case Kind::timestamptz:
      return moment_check(native, type);
    case Kind::time:
    case Kind::interval:
      return clock_check(wire, type);
    case Kind::bytes:
      return bytes_check(native);
    case Kind::bits:
      return bits_check(type);
    default:
      return {};
  }
}

}  // namespace rowferry::mysql
