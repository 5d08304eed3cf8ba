#include "workflow/selection.h"

#include <algorithm>

#include "workflow/pattern.h"

namespace rowferry {

namespace {

// A condition is put between parentheses: one that closes them would take rows of other pages too.
void check_condition(const std::string& text) {
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    } else if (c == '-' && text.compare(i, 2, "--") == 0) {
      i = std::min(text.find('\n', i), text.size());
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth < 0) {
      break;
    }
  }
  if (depth == 0 && quote == 0) return;
  throw Error(ErrorKind::usage, "selection.where",
              "a condition of --where has an open parenthesis or quote: " + text);
}

TableName parse_name(const std::string& text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string::npos) return {"", text};
  return {text.substr(0, dot), text.substr(dot + 1)};
}

struct Map {
  TableName from;
  TableName to;

  std::optional<TableName> apply(const TableName& table) const {
    if (from.table == "*") {
      if (from.schema != table.schema) return std::nullopt;
      return TableName{to.schema, to.table == "*" ? table.table : to.table};
    }
    if (from.table != table.table) return std::nullopt;
    if (!from.schema.empty() && from.schema != table.schema) return std::nullopt;
    return to;
  }
};

}  // namespace

struct Selector::Compiled {
  std::vector<Pattern> tables;
  std::vector<Pattern> excludes;
  std::vector<std::pair<Pattern, std::string>> where;
  std::vector<std::pair<Pattern, std::vector<std::string>>> columns;
  std::vector<Map> maps;
  std::set<TableName> only;
};

Selector::Selector(const Selection& selection) : compiled_(std::make_unique<Compiled>()) {
  for (const auto& text : selection.tables) compiled_->tables.emplace_back(text);
  for (const auto& text : selection.excludes) compiled_->excludes.emplace_back(text);
  for (const auto& [text, condition] : selection.where) {
    check_condition(condition);
    compiled_->where.emplace_back(Pattern(text), condition);
  }
  for (const auto& [text, names] : selection.columns) {
    compiled_->columns.emplace_back(Pattern(text), names);
  }
  for (const auto& [from, to] : selection.maps) {
    compiled_->maps.push_back({parse_name(from), parse_name(to)});
  }
  compiled_->only = selection.only;
}

Selector::~Selector() = default;
Selector::Selector(Selector&&) noexcept = default;

bool Selector::takes(const TableName& table) const {
  const auto matches = [&](const Pattern& pattern) { return pattern.matches(table); };
  if (!compiled_->only.empty() && compiled_->only.count(table) == 0) return false;
  const auto& tables = compiled_->tables;
  if (!tables.empty() && std::none_of(tables.begin(), tables.end(), matches)) return false;
  return std::none_of(compiled_->excludes.begin(), compiled_->excludes.end(), matches);
}

std::string Selector::where(const TableName& table) const {
  std::string all;
  for (const auto& [pattern, condition] : compiled_->where) {
    if (!pattern.matches(table)) continue;
    if (all.empty()) {
      all = condition;
      continue;
    }
    all.insert(0, "(");
    all.append(") AND (").append(condition).append(")");
  }
  return all;
}

std::vector<std::string> Selector::columns(const TableName& table) const {
  for (const auto& [pattern, names] : compiled_->columns) {
    if (pattern.matches(table)) return names;
  }
  return {};
}

std::optional<TableName> Selector::mapped(const TableName& table) const {
  for (const Map& map : compiled_->maps) {
    if (auto name = map.apply(table)) return name;
  }
  return std::nullopt;
}

void Selector::check_used(const std::vector<TableName>& tables) const {
  if (!compiled_->only.empty()) return;
  const auto check = [&](const Pattern& pattern, const char* option) {
    const bool used = std::any_of(tables.begin(), tables.end(),
                                  [&](const TableName& table) { return pattern.matches(table); });
    if (used) return;
    throw Error(ErrorKind::usage, "selection.unused",
                std::string(option) + " '" + pattern.text() + "' matches no table of the source")
        .hint("names are matched as they are written at the source, upper and lower case apart");
  };
  for (const Pattern& pattern : compiled_->tables) check(pattern, "--table");
  for (const auto& entry : compiled_->where) check(entry.first, "--where");
  for (const auto& entry : compiled_->columns) check(entry.first, "--columns");
  for (const Map& map : compiled_->maps) {
    const bool used = std::any_of(tables.begin(), tables.end(),
                                  [&](const TableName& table) { return map.apply(table); });
    if (!used) {
      throw Error(ErrorKind::usage, "selection.unused",
                  "--map '" + to_string(map.from) + "' names no table of the source");
    }
  }
}

std::string describe(const Selection& selection) {
  std::string text;
  const auto add = [&](std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) text += part;
    text += '\x1f';
  };
  for (const auto& table : selection.tables) add({"t", table});
  for (const auto& table : selection.excludes) add({"x", table});
  for (const auto& [table, condition] : selection.where) add({"w", table, "\x1e", condition});
  for (const auto& [table, names] : selection.columns) {
    add({"c", table});
    for (const auto& name : names) add({name});
  }
  for (const auto& [from, to] : selection.maps) add({"m", from, "\x1e", to});
  for (const TableName& table : selection.only) add({"o", to_string(table)});
  return text;
}

}  // namespace rowferry
