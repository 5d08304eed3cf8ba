#include "engine/sql/ddl.h"

#include <cctype>

namespace rowferry::sql {

namespace {

std::string named_constraint(const Dialect& dialect, const std::string& name) {
  return name.empty() ? "" : "CONSTRAINT " + dialect.quote(name) + " ";
}

std::string index_part(const Dialect& dialect, const IndexPart& part) {
  std::string text =
      part.column.empty() ? "(" + part.expression->text + ")" : dialect.quote(part.column);
  if (!part.collation.empty()) text += " COLLATE " + part.collation;
  if (!part.operator_class.empty()) text += " " + part.operator_class;
  if (part.descending) text += " DESC";
  if (part.nulls_first) text += *part.nulls_first ? " NULLS FIRST" : " NULLS LAST";
  return text;
}

}  // namespace

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += separator;
    text += part;
  }
  return text;
}

std::string table_name(const Dialect& dialect, const TableName& name) {
  const std::string table = dialect.quote(name.table);
  return name.schema.empty() ? table : dialect.quote(name.schema) + "." + table;
}

std::string column_list(const Dialect& dialect, const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  quoted.reserve(names.size());
  for (const std::string& name : names) quoted.push_back(dialect.quote(name));
  return joined(quoted, ", ");
}

std::string index_parts(const Dialect& dialect, const Index& index) {
  std::vector<std::string> parts;
  for (const IndexPart& part : index.parts) parts.push_back(index_part(dialect, part));
  return "(" + joined(parts, ", ") + ")";
}

std::string foreign_key_clause(const Dialect& dialect, const ForeignKey& key) {
  std::string text = named_constraint(dialect, key.name) + "FOREIGN KEY (" +
                     column_list(dialect, key.columns) + ") REFERENCES " +
                     table_name(dialect, key.to);
  if (!key.to_columns.empty()) text += " (" + column_list(dialect, key.to_columns) + ")";
  if (key.match_full) text += " MATCH FULL";
  if (!key.on_update.empty()) text += " ON UPDATE " + key.on_update;
  if (!key.on_delete.empty()) text += " ON DELETE " + key.on_delete;
  if (!key.deferral.empty()) text += " " + key.deferral;
  return text;
}

std::string check_clause(const Dialect& dialect, const Check& check) {
  return named_constraint(dialect, check.name) + "CHECK (" + check.expression.text + ")";
}

std::string primary_key_clause(const Dialect& dialect, const Index& key) {
  return named_constraint(dialect, key.name) + "PRIMARY KEY " + index_parts(dialect, key) +
         (key.method.empty() ? "" : " " + key.method);
}

std::string create_index(const Dialect& dialect, const Table& table, const Index& index) {
  std::string text = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  text += dialect.quote(index.name) + " ON " + table_name(dialect, table.name);
  if (!index.method.empty()) text += " USING " + index.method;
  text += " " + index_parts(dialect, index);
  if (!index.included.empty()) text += " INCLUDE (" + column_list(dialect, index.included) + ")";
  if (!index.nulls_distinct) text += " NULLS NOT DISTINCT";
  if (index.predicate) text += " WHERE " + index.predicate->text;
  return text;
}

std::string create_table(const Dialect& dialect, const Table& table, bool primary_key,
                         const std::vector<std::string>& more) {
  std::vector<std::string> lines;
  for (const Column& column : table.columns) lines.push_back(dialect.define(column, table));
  if (primary_key && table.primary_key) {
    lines.push_back(primary_key_clause(dialect, *table.primary_key));
  }
  if (dialect.rules().checks_inline) {
    for (const Check& check : table.checks) lines.push_back(check_clause(dialect, check));
  }
  if (dialect.rules().foreign_keys_inline) {
    for (const ForeignKey& key : table.foreign_keys) {
      lines.push_back(foreign_key_clause(dialect, key));
    }
  }
  lines.insert(lines.end(), more.begin(), more.end());
  std::string text =
      "CREATE TABLE " + table_name(dialect, table.name) + " (\n  " + joined(lines, ",\n  ") + "\n)";
  if (!table.options.empty()) text += " " + table.options;
  return text;
}

std::string drop_constraint(const Dialect& dialect, const TableName& table,
                            const std::string& name) {
  return "ALTER TABLE " + table_name(dialect, table) + " DROP CONSTRAINT " + dialect.quote(name);
}

std::string with_values(const Dialect& dialect, std::string_view sql,
                        const std::vector<std::string>& values) {
  std::string out;
  char open = 0;  // the quote that is open: names may have a $ in them
  for (std::size_t at = 0; at < sql.size(); ++at) {
    const bool quote = sql[at] == '`' || sql[at] == '"' || sql[at] == '\'';
    if (quote && (open == 0 || open == sql[at])) open = open == 0 ? sql[at] : 0;
    const bool parameter = open == 0 && sql[at] == '$' && at + 1 < sql.size() &&
                           std::isdigit(static_cast<unsigned char>(sql[at + 1])) != 0;
    if (!parameter) {
      out += sql[at];
      continue;
    }
    std::size_t number = 0;
    while (at + 1 < sql.size() && std::isdigit(static_cast<unsigned char>(sql[at + 1])) != 0) {
      number = number * 10 + static_cast<std::size_t>(sql[++at] - '0');
    }
    out += dialect.literal(values.at(number - 1));
  }
  return out;
}

}  // namespace rowferry::sql
