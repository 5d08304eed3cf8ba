#include "engine/sql/rejected.h"

#include <algorithm>
#include <numeric>

#include "core/value.h"
#include "engine/sql/ddl.h"

namespace rowferry::sql {

namespace {

constexpr std::size_t kLongest = 200;     // bytes of a value that messages show
constexpr std::size_t kNamedColumns = 3;  // of a table without a key

// Not within a character.
std::string shortened(std::string text) {
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

RejectedCell null_cell(const std::string& name) {
  return {.name = name, .form = RejectedCell::Form::null, .value = ""};
}

RejectedCell text_cell(const std::string& name, std::string text) {
  return {.name = name, .form = RejectedCell::Form::text, .value = std::move(text)};
}

RejectedCell bytes_cell(const std::string& name, std::string_view bytes) {
  return {.name = name, .form = RejectedCell::Form::bytes, .value = std::string(bytes)};
}

RejectedCell cell_of(const std::string& name, Kind kind, std::string_view cell) {
  if (kind == Kind::bytes) return bytes_cell(name, cell);
  if (kind == Kind::dynamic && cell.front() == 'b') return bytes_cell(name, cell.substr(1));
  return text_cell(name, to_text(kind, cell));
}

std::string key_text(const std::vector<RejectedCell>& row, const std::vector<int>& key) {
  std::vector<std::string> parts;
  for (const int place : key) {
    const RejectedCell& cell = row.at(static_cast<std::size_t>(place));
    const bool bytes = cell.form == RejectedCell::Form::bytes;
    std::string value = bytes ? to_text(Kind::bytes, cell.value) : cell.value;
    if (cell.form == RejectedCell::Form::null) value = "NULL";
    parts.push_back(cell.name + "=" + shortened(std::move(value)));
  }
  return joined(parts, ", ");
}

std::vector<int> naming_columns(std::vector<int> key, std::size_t columns) {
  if (!key.empty()) return key;
  key.resize(std::min(kNamedColumns, columns));
  std::iota(key.begin(), key.end(), 0);
  return key;
}

Reject rejected(std::vector<RejectedCell> row, const std::vector<int>& key, std::string column,
                std::string reason) {
  std::string name = key_text(row, key);
  return {.key = std::move(name),
          .column = std::move(column),
          .reason = std::move(reason),
          .row = std::move(row)};
}

}  // namespace rowferry::sql
