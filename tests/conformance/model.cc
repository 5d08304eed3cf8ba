#include "conformance/model.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

#include "core/value.h"

namespace rowferry::conformance {

namespace {

constexpr std::int64_t kFar = 1'000'000'000'000'000;

std::string printed(const char* format, auto... values) {
  std::array<char, 128> text{};
  const int length = std::snprintf(text.data(), text.size(), format, values...);
  return {text.data(), static_cast<std::size_t>(length)};
}

// Far below zero, far above it, at both ends, and most of them side by side.
std::int64_t odd_integer(std::int64_t number) {
  switch (number % 50) {
    case 0:
      return -number * kFar / 50;
    case 1:
      return number * kFar / 50;
    case 2:
      return INT64_MAX - number;
    case 3:
      return INT64_MIN + number;
    case 4:
      return -number;
    default:
      return number;
  }
}

std::string odd_text(Random& random, std::int64_t number) {
  static const std::array<std::string, 14> kMarks = {
      "",  "Key", "kEy", "it''s '", "\"a\"",  "back\\slash", "per%cent_",
      "é", "Ä€",  "😀",   "tab\t",   "line\n", "[\",]",       "$1 :x ?"};
  const std::string& before = kMarks[random() % kMarks.size()];
  const std::string& behind = kMarks[random() % kMarks.size()];
  return before + (random() % 2 ? " " : "") + std::to_string(number) + behind;
}

std::string odd_bytes(Random& random, std::int64_t number) {
  static const std::array<const char*, 5> kStarts = {"", "00", "ff00", "27", "5c78"};
  return kStarts[random() % kStarts.size()] + printed("%06lx", static_cast<unsigned long>(number));
}

std::string odd_timestamp(Random& random, std::int64_t number) {
  const std::string text =
      printed("%04d-%02d-%02d %02d:%02d:%02d", static_cast<int>(1600 + number % 700),
              static_cast<int>(number / 700 % 12 + 1), static_cast<int>(number / 8400 % 28 + 1),
              static_cast<int>(random() % 24), static_cast<int>(random() % 60),
              static_cast<int>(random() % 60));
  return random() % 2 ? text : text + printed(".%05d7", static_cast<int>(random() % 100'000));
}

std::string odd_uuid(Random& random, std::int64_t number) {
  const auto high = static_cast<unsigned long>(random());
  return printed("%08lx-%04lx-%04lx-8000-%012lx", high >> 32, high >> 16 & 0xffff, high & 0xffff,
                 static_cast<unsigned long>(number));
}

// Digits before the point stay few enough for a double to hold all fifteen.
std::string odd_decimal(Random& random, std::int64_t number) {
  const char* sign = random() % 2 ? "-" : "";
  const auto whole =
      static_cast<long>(number + static_cast<std::int64_t>(random() % 100) * kFar / 100'000);
  return sign + printed("%ld.%03d", whole + 1, static_cast<int>(random() % 1000));
}

std::string odd_double(std::int64_t number) {
  std::string text;
  append_double(text, (number % 2 ? -0.1 : 0.1) * static_cast<double>(number + 1));
  return text;
}

Shape keyed(const std::string& name, const std::vector<Field>& key) {
  Shape shape{.name = name, .fields = key, .keys = key.size(), .row = {}};
  shape.fields.push_back({"note", Kind::text});
  shape.row = [key](Random& random, std::int64_t number) {
    Cells cells;
    for (const Field& field : key) cells.emplace_back(odd_value(field.kind, random, number));
    const std::string note(random() % 60, 'x');
    cells.push_back(random() % 9 == 0 ? std::nullopt : std::optional(note));
    return cells;
  };
  return shape;
}

// Nearly all rows share the first column of the key.
Shape hot() {
  Shape shape = keyed("hot_first_column", {{"shop", Kind::int64}, {"item", Kind::int64}});
  shape.row = [](Random&, std::int64_t number) {
    const std::int64_t shop = number % 100 == 0 ? number : 7;
    return Cells{std::to_string(shop), std::to_string(number), std::string(50, 'x')};
  };
  return shape;
}

// Rows that are equal, and rows of nothing but NULL.
Shape without_key() {
  Shape shape{.name = "keyless", .fields = {{"a", Kind::int64}, {"note", Kind::text}}, .row = {}};
  shape.row = [](Random& random, std::int64_t number) {
    if (random() % 10 == 0) return Cells{std::nullopt, std::nullopt};
    return Cells{std::to_string(random() % 50),
                 std::string(static_cast<std::size_t>(30 + number % 40), 'x')};
  };
  return shape;
}

}  // namespace

std::string odd_value(Kind kind, Random& random, std::int64_t number) {
  switch (kind) {
    case Kind::int64:
      return std::to_string(odd_integer(number));
    case Kind::float64:
      return odd_double(number);
    case Kind::decimal:
      return odd_decimal(random, number);
    case Kind::bytes:
      return odd_bytes(random, number);
    case Kind::uuid:
      return odd_uuid(random, number);
    case Kind::timestamp:
      return odd_timestamp(random, number);
    default:
      return odd_text(random, number);
  }
}

std::vector<Shape> shapes(const Quirks& quirks) {
  std::vector<Shape> all = {
      keyed("integer", {{"id", Kind::int64}}),
      keyed("decimal", {{"id", Kind::decimal}}),
      keyed("binary", {{"id", Kind::bytes}}),
      keyed("uuid", {{"id", Kind::uuid}}),
      keyed("moment", {{"id", Kind::timestamp}}),
      keyed("double", {{"id", Kind::float64}}),
      keyed("composite", {{"a", Kind::text}, {"b", Kind::decimal}, {"c", Kind::timestamp}}),
      hot(),
      without_key()};
  for (std::size_t i = 0; i < quirks.collations.size(); ++i) {
    all.push_back(keyed("text_" + std::to_string(i), {{"id", Kind::text, quirks.collations[i]}}));
  }
  return all;
}

Shape random_shape(const Quirks& quirks, Random& random) {
  static const std::array<Kind, 7> kKinds = {Kind::int64,  Kind::text, Kind::decimal,
                                             Kind::bytes,  Kind::uuid, Kind::timestamp,
                                             Kind::float64};
  const std::size_t keys = random() % 4;
  if (keys == 0) return random() % 2 ? without_key() : hot();
  std::vector<Field> key;
  for (std::size_t i = 0; i < keys; ++i) {
    Field field{"k" + std::to_string(i), kKinds[random() % kKinds.size()]};
    if (field.kind == Kind::text) {
      field.collation = quirks.collations[random() % quirks.collations.size()];
    }
    key.push_back(field);
  }
  return keyed("random", key);
}

std::string row_text(const Cells& cells) {
  std::vector<std::string> texts;
  for (const auto& cell : cells) texts.push_back(cell ? "<" + *cell + ">" : "NULL");
  return joined(texts, " ");
}

std::string difference(const RowCounts& expected, const RowCounts& found) {
  static constexpr int kMost = 5;
  std::string text;
  int lines = 0;
  const auto compare = [&](const RowCounts& some, const RowCounts& others, const char* words) {
    for (const auto& [row, count] : some) {
      const auto other = others.find(row);
      const int there = other == others.end() ? 0 : other->second;
      if (count > there && ++lines <= kMost) {
        text += std::to_string(count - there) + words + row + "\n";
      }
    }
  };
  compare(expected, found, " missing: ");
  compare(found, expected, " too many: ");
  return lines > kMost ? text + "and " + std::to_string(lines - kMost) + " others\n" : text;
}

RowCounts Model::rows() const {
  RowCounts counts;
  for (const Cells& row : rows_) ++counts[row_text(row)];
  return counts;
}

std::string Model::create(const Storage& storage) const {
  std::vector<std::string> columns;
  std::vector<std::string> key;
  for (const Field& field : shape_.fields) {
    columns.push_back(field.name + " " + quirks_.native(field.kind) + field.collation);
    if (key.size() < shape_.keys) key.push_back(field.name);
  }
  return storage.create(table_, joined(columns), key);
}

std::string Model::insert(Random& random, int count) {
  std::string sql;
  for (int i = 0; i < count; ++i) {
    const Cells cells = shape_.row(random, size());
    std::vector<std::string> values;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const Kind kind = shape_.fields[column].kind;
      values.push_back(cells[column] ? quirks_.literal(kind, *cells[column]) : "NULL");
    }
    sql += (i % 500 == 0 ? ";INSERT INTO " + table_ + " VALUES (" : ", (") + joined(values) + ")";
    rows_.push_back(cells);
  }
  return sql.empty() ? sql : "BEGIN" + sql + "; COMMIT";
}

}  // namespace rowferry::conformance
