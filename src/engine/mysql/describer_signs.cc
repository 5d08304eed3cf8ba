// Texts that information_schema, whose Unicode ends with three bytes, tells with question marks.
#include <algorithm>
#include <cstdlib>

#include "engine/mysql/cells.h"
#include "engine/mysql/defaults.h"
#include "engine/mysql/describer.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/printed.h"
#include "engine/mysql/types.h"
#include "engine/sql/ddl.h"

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

// An enum's value is the place of its label; a set's has a bit for each of the labels it is made
// of.
void restore_label(std::vector<std::string>& labels, bool single, std::uint64_t value,
                   const std::string& text) {
  if (single) {
    if (value > 0 && value <= labels.size()) labels[value - 1] = text;
    return;
  }
  std::size_t from = 0;
  for (std::size_t place = 0; place < labels.size() && from <= text.size(); ++place) {
    if ((value >> place & 1U) == 0) continue;
    const std::size_t comma = std::min(text.find(',', from), text.size());
    labels[place] = text.substr(from, comma - from);
    from = comma + 1;
  }
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

// The server tells such labels nowhere but as values that stand in the table.
void Describer::restore_labels(Table& table) {
  for (Column& column : table.columns) {
    const std::string base = parse_native(column.native).base;
    if ((base != "enum" && base != "set") || !holds(column.native, "?")) continue;
    std::vector<std::string> labels = labels_of(column.native);
    const std::string name = quote(column.name);
    for (const sql::Row& row :
         connection_.query("SELECT DISTINCT " + name + " + 0, CONVERT(" + name +
                           " USING utf8mb4) FROM " + qualified(table.name))) {
      if (!row[0] || !row[1]) continue;
      restore_label(labels, base == "enum", std::strtoull(row[0]->c_str(), nullptr, 10), *row[1]);
    }
    std::vector<std::string> quoted;
    for (const std::string& label : labels) quoted.push_back(literal(label));
    column.native = base + "(" + sql::joined(quoted, ",") + ")";
    const bool left = std::any_of(labels.begin(), labels.end(),
                                  [](const std::string& label) { return holds(label, "?"); });
    if (!left) continue;
    table.notes.push_back("column " + column.name +
                          ": signs of labels that no row has may be told as question marks");
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
