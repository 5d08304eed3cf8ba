#include "engine/sql/violations.h"

#include <algorithm>

#include "engine/sql/ddl.h"

namespace rowferry::sql {

namespace {

std::string limited(const std::string& sql, int most) {
  return most == 0 ? sql : sql + " LIMIT " + std::to_string(most);
}

std::string filtered(const std::string& table, const std::string& where) {
  if (where.empty()) return table;
  return "(SELECT * FROM " + table + " WHERE (" + where + "\n))";  // a comment may end it
}

std::vector<std::string> key_columns(const Table& table) {
  std::vector<std::string> names;
  if (table.primary_key) {
    for (const IndexPart& part : table.primary_key->parts) names.push_back(part.column);
  }
  if (names.empty()) {
    for (const Column& column : table.columns) names.push_back(column.name);
  }
  return names;
}

}  // namespace

std::vector<std::string> shown_columns(const Table& table, const std::vector<std::string>& more) {
  std::vector<std::string> names = key_columns(table);
  for (const std::string& name : more) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::vector<std::string> columns_of(const Index& index) {
  std::vector<std::string> names;
  for (const IndexPart& part : index.parts) {
    if (!part.column.empty()) names.push_back(part.column);
  }
  return names;
}

std::string named(const std::vector<std::string>& names,
                  const std::vector<std::optional<std::string>>& row) {
  std::vector<std::string> parts;
  parts.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    parts.push_back(names[i] + "=" + row.at(i).value_or("NULL"));
  }
  return joined(parts, ", ");
}

std::string orphans(const Dialect& dialect, const Table& table, const ForeignKey& key, int most,
                    const Filters& filters) {
  std::vector<std::string> joined_on;
  std::vector<std::string> present;
  std::vector<std::string> shown;
  for (const std::string& column : shown_columns(table, key.columns)) {
    shown.push_back("c." + dialect.quote(column));
  }
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string child = "c." + dialect.quote(key.columns[i]);
    const std::string& parent = key.to_columns.empty() ? key.columns[i] : key.to_columns[i];
    joined_on.push_back("p." + dialect.quote(parent) + " = " + child);
    present.push_back(child + " IS NOT NULL");
  }
  return limited("SELECT " + joined(shown, ", ") + " FROM " +
                     filtered(table_name(dialect, table.name), filters.child) + " c WHERE " +
                     joined(present, " AND ") + " AND NOT EXISTS (SELECT 1 FROM " +
                     filtered(table_name(dialect, key.to), filters.parent) + " p WHERE " +
                     joined(joined_on, " AND ") + ")",
                 most);
}

std::string duplicates(const Dialect& dialect, const Table& table, const Index& index, int most) {
  std::vector<std::string> values;
  std::vector<std::string> conditions;
  for (const IndexPart& part : index.parts) {
    values.push_back(part.column.empty() ? "(" + part.expression->text + ")"
                                         : dialect.quote(part.column));
    if (index.nulls_distinct) conditions.push_back(values.back() + " IS NOT NULL");
  }
  if (index.predicate) conditions.push_back("(" + index.predicate->text + ")");
  const std::string shown = column_list(dialect, shown_columns(table, columns_of(index)));
  std::string counted = "SELECT " + shown + ", count(*) OVER (PARTITION BY " +
                        joined(values, ", ") + ") AS rowferry_n FROM " +
                        table_name(dialect, table.name);
  if (!conditions.empty()) counted += " WHERE " + joined(conditions, " AND ");
  return limited("SELECT " + shown + " FROM (" + counted + ") q WHERE rowferry_n > 1", most);
}

std::string breaking(const Dialect& dialect, const Table& table, const Check& check, int most) {
  return limited("SELECT " + column_list(dialect, key_columns(table)) + " FROM " +
                     table_name(dialect, table.name) + " WHERE NOT (" + check.expression.text + ")",
                 most);
}

}  // namespace rowferry::sql
