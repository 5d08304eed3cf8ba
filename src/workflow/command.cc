#include "workflow/command.h"

#include <array>

#include "engine/sql/ddl.h"
#include "workflow/pattern.h"
#include "workflow/selection.h"
#include "workflow/shell_word.h"

namespace rowferry {

namespace {

std::string beginning(const char* verb, const Request& request) {
  return std::string("rowferry ") + verb + " " + shell_word(request.source.text()) + " " +
         shell_word(request.target.text());
}

void add_pair(std::string& text, const char* option, std::string left, const std::string& right) {
  text.append(option).append(shell_word(left.append("=").append(right)));
}

void add_selection(std::string& text, const Selection& selection) {
  for (const std::string& pattern : selection.tables) text += " -t " + shell_word(pattern);
  for (const std::string& pattern : selection.excludes) text += " --exclude " + shell_word(pattern);
  for (const auto& [table, condition] : selection.where) {
    add_pair(text, " --where ", table, condition);
  }
  for (const auto& [table, columns] : selection.columns) {
    add_pair(text, " --columns ", table, sql::joined(columns, ","));
  }
  for (const auto& [from, to] : selection.maps) add_pair(text, " --map ", from, to);
}

// A pattern that this name alone matches.
std::string exactly(const TableName& table) {
  const std::string name = to_string(table);
  if (name.find_first_of("*?[]/\\") == std::string::npos) return name;
  std::string text = "/^";
  for (const char c : name) {
    if (std::string_view("\\^$.|?*+()[]{}/").find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text + "$/";
}

// What of a selection is about one table: patterns that match nothing are errors.
Selection only(const Selection& all, const TableName& table) {
  Selection one;
  one.tables = {exactly(table)};
  for (const auto& [pattern, condition] : all.where) {
    if (Pattern(pattern).matches(table)) one.where.emplace(pattern, condition);
  }
  for (const auto& [pattern, columns] : all.columns) {
    if (Pattern(pattern).matches(table)) one.columns.emplace(pattern, columns);
  }
  for (const auto& map : all.maps) {
    Selection alone;
    alone.maps = {map};
    if (Selector(alone).mapped(table)) one.maps.push_back(map);
  }
  return one;
}

void add_rules(std::string& text, const Request& request) {
  for (const auto& [subject, decision] : request.rules) {
    add_pair(text, " --rule ", subject, decision);
  }
}

}  // namespace

std::string check_command(const Request& request) {
  std::string text = beginning("check", request);
  add_selection(text, request.selection);
  add_rules(text, request);
  static constexpr std::array<const char*, 4> kExisting = {"", "append", "truncate", "drop"};
  const char* existing = kExisting.at(static_cast<std::size_t>(request.existing));
  if (*existing != '\0') text.append(" --existing ").append(existing);
  if (request.data_only) text += " --data-only";
  return text;
}

std::string sync_command(const Request& request, const TableName* table) {
  std::string text = beginning("sync", request);
  add_selection(text, table == nullptr ? request.selection : only(request.selection, *table));
  add_rules(text, request);
  if (request.existing == Existing::append) text += " --no-delete";
  return text;
}

}  // namespace rowferry
