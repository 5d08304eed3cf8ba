// Texts that information_schema, whose Unicode ends with three bytes, tells with question marks.
#include <algorithm>

#include "engine/mysql/cells.h"
#include "engine/mysql/defaults.h"
#include "engine/mysql/describer.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/printed.h"
#include "engine/mysql/types.h"

namespace rowferry::mysql {

namespace {

bool doubtful(const Expression& expression) {
  return holds(expression.text, "?");
}

bool is_binary_type(const std::string& native) {
  return native.starts_with("binary") || native.starts_with("varbinary");
}

// A default that is one string: the server tells its value, too.
bool is_doubtful_literal(const Column& column) {
  if (!column.default_value || !column.default_value->text.starts_with("'")) return false;
  if (!is_literal(column.default_value->text)) return false;
  return doubtful(*column.default_value) || is_binary_type(column.native);
}

// Where the list of strings that begins at `at` is closed.
std::size_t end_of_list(const std::string& text, std::size_t at) {
  bool open = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\' && open) {
      ++at;
    } else if (text[at] == '\'') {
      open = !open;
    } else if (text[at] == ')' && !open) {
      break;
    }
  }
  return at;
}

bool any_expression(const Table& table) {
  const bool columns =
      std::any_of(table.columns.begin(), table.columns.end(), [](const Column& column) {
        const bool computed = column.generated && doubtful(column.generated->expression);
        return computed || (column.default_value && doubtful(*column.default_value));
      });
  const bool checks = std::any_of(table.checks.begin(), table.checks.end(),
                                  [](const Check& check) { return doubtful(check.expression); });
  const auto has = [](const Index& index) {
    return std::any_of(index.parts.begin(), index.parts.end(), [](const IndexPart& part) {
      return part.expression && doubtful(*part.expression);
    });
  };
  return columns || checks || std::any_of(table.indexes.begin(), table.indexes.end(), has);
}

}  // namespace

void Describer::restore_signs() {
  if (connection_.product() == Product::tidb) return;
  const bool mariadb = connection_.product() == Product::mariadb;
  for (auto& [name, table] : tables_) {
    restore_labels(table);
    restore_literals(table);
    if (mariadb && any_expression(table)) restore_expressions(table);
  }
}

void Describer::restore_labels(Table& table) {
  std::string whole;
  for (Column& column : table.columns) {
    const std::string base = parse_native(column.native).base;
    if ((base != "enum" && base != "set") || !holds(column.native, "?")) continue;
    if (whole.empty()) whole = shown_table(table.name);
    const std::string head = "\n  " + quote(column.name) + " " + base + "(";
    const std::size_t at = whole.find(head);
    if (at == std::string::npos) continue;
    const std::size_t open = at + head.size();
    column.native = base + "(" + whole.substr(open, end_of_list(whole, open) - open) + ")";
  }
}

// The values themselves, asked for beside no row of the table.
void Describer::restore_literals(Table& table) {
  for (Column& column : table.columns) {
    if (!is_doubtful_literal(column)) continue;
    const std::string value = "DEFAULT(t." + quote(column.name) + ")";
    const bool binary = is_binary_type(column.native);
    const std::string asked =
        binary ? "HEX(" + value + ")" : "CONVERT(" + value + " USING utf8mb4)";
    const sql::Rows rows = connection_.query("SELECT " + asked + " FROM (SELECT 1) one LEFT JOIN " +
                                             qualified(table.name) + " t ON FALSE");
    if (rows.empty() || !rows[0][0]) continue;
    column.default_value->text = binary ? "x'" + *rows[0][0] + "'" : literal(*rows[0][0]);
  }
}

// What cannot be found again is left out rather than changed.
void Describer::restore_expressions(Table& table) {
  const std::string whole = plain_strings(shown_table(table.name));
  const auto restore = [&](Expression& expression, const std::string& what) {
    if (!doubtful(expression) || is_literal(expression.text)) return true;
    auto text = restored(expression.text, whole);
    if (!text) {
      table.notes.push_back(what + ": " + expression.text + ", signs of which are not told");
      return false;
    }
    expression.text = std::move(*text);
    return true;
  };
  for (Column& column : table.columns) {
    const std::string what = "column " + column.name;
    if (column.generated && !restore(column.generated->expression, what)) column.generated.reset();
    if (column.default_value && !restore(*column.default_value, what)) column.default_value.reset();
  }
  std::erase_if(table.checks,
                [&](Check& check) { return !restore(check.expression, "check " + check.name); });
  std::erase_if(table.indexes, [&](Index& index) {
    return std::any_of(index.parts.begin(), index.parts.end(), [&](IndexPart& part) {
      return part.expression && !restore(*part.expression, "index " + index.name);
    });
  });
}

}  // namespace rowferry::mysql
