#include "engine/sqlite/dialect.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>

#include "engine/sql/ddl.h"
#include "engine/sql/expression.h"
#include "engine/sqlite/check.h"
#include "engine/sqlite/types.h"

namespace rowferry::sqlite {

namespace {

std::string doubled(std::string_view text, char mark) {
  std::string out(1, mark);
  for (const char c : text) {
    if (c == mark) out += mark;
    out += c;
  }
  return out + mark;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::toupper(x) == std::toupper(y);
  });
}

bool has_option(const Table& table, std::string_view option) {
  return table.options.find(option) != std::string::npos;
}

// A STRICT table leaves alone what comes into a column of type ANY.
Affinity affinity_in(const Table& table, const Column& column) {
  const bool any = has_option(table, "STRICT") && same_name(column.native, "ANY");
  return any ? Affinity::blob : affinity_of(column.native);
}

bool built_in(std::string_view collation) {
  static constexpr std::array<std::string_view, 3> kBuiltIn = {"BINARY", "NOCASE", "RTRIM"};
  return std::any_of(kBuiltIn.begin(), kBuiltIn.end(),
                     [&](std::string_view one) { return same_name(one, collation); });
}

// What stands behind the column that is the whole primary key.
enum class InlineKey { none, rowid, autoincrement, descending };

InlineKey inline_key(const Column& column, const Table& table) {
  const bool alone = table.primary_key && table.primary_key->parts.size() == 1 &&
                     same_name(table.primary_key->parts[0].column, column.name);
  if (!alone || without_rowid(table)) return InlineKey::none;
  if (column.identity) {
    return column.identity->how == Identity::How::implicit ? InlineKey::rowid
                                                           : InlineKey::autoincrement;
  }
  // Written so, and only so, an INTEGER key is not the rowid (sqlite.org/lang_createtable.html).
  const bool descending = table.primary_key->parts[0].descending;
  return descending && same_name(column.native, "INTEGER") ? InlineKey::descending
                                                           : InlineKey::none;
}

bool holds_key(const Table& table) {
  return std::any_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
    return inline_key(column, table) != InlineKey::none;
  });
}

std::string key_clause(InlineKey key, const Table& table) {
  if (key == InlineKey::none) return "";
  const std::string& name = table.primary_key->name;
  std::string text = name.empty() ? "" : " CONSTRAINT " + quote(name);
  text += " PRIMARY KEY";
  if (key == InlineKey::autoincrement) text += " AUTOINCREMENT";
  if (key == InlineKey::descending) text += " DESC";
  return text;
}

std::string value_clause(const Column& column) {
  if (column.generated) {
    return " GENERATED ALWAYS AS (" + column.generated->expression.text + ")" +
           (column.generated->stored ? " STORED" : " VIRTUAL");
  }
  if (!column.default_value || column.identity) return "";
  return " DEFAULT (" + column.default_value->text + ")";
}

// Only the words that SQLite knows; WITHOUT ROWID needs a key.
std::string options_of(const Table& table) {
  std::vector<std::string> words;
  if (without_rowid(table) && table.primary_key) words.push_back("WITHOUT ROWID");
  if (has_option(table, "STRICT")) words.push_back("STRICT");
  return sql::joined(words, ", ");
}

Statement at_stage(Statement::Stage stage, const Table& table, std::string name, std::string sql) {
  return {.stage = stage, .table = table.name, .name = std::move(name), .sql = std::move(sql)};
}

// Raises what AUTOINCREMENT remembers; says nothing of a table it remembers more of.
void add_sequence(const Table& table, const Column& column, std::vector<Statement>& out) {
  if (inline_key(column, table) != InlineKey::autoincrement) return;
  const std::string last = std::to_string(column.identity->sequence.next - 1);
  const std::string name = literal(table.name.table);
  out.push_back(
      at_stage(Statement::Stage::next_values, table, "",
               "UPDATE sqlite_sequence SET seq = max(seq, " + last + ") WHERE name = " + name));
  out.push_back(
      at_stage(Statement::Stage::next_values, table, "",
               "INSERT INTO sqlite_sequence (name, seq) SELECT " + name + ", " + last +
                   " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = " + name + ")"));
}

}  // namespace

std::string quote(std::string_view identifier) {
  return doubled(identifier, '"');
}

std::string literal(std::string_view text) {
  return doubled(text, '\'');
}

bool without_rowid(const Table& table) {
  return has_option(table, "WITHOUT ROWID");
}

std::string key_collation(const Table& table, const std::string& column) {
  if (!table.primary_key) return "";
  for (const IndexPart& part : table.primary_key->parts) {
    if (part.column == column && !part.collation.empty()) return " COLLATE " + part.collation;
  }
  return "";
}

std::string key_expression(const Cut& cut) {
  std::vector<std::string> names;
  for (const std::string& column : cut.columns) names.push_back(quote(column));
  return names.size() == 1 ? names[0] : "(" + sql::joined(names, ", ") + ")";
}

std::string bound_expression(const Table& table, const Cut& cut, const Bound& bound) {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < cut.columns.size(); ++i) {
    values.push_back(bound.at(i) + key_collation(table, cut.columns[i]));
  }
  return values.size() == 1 ? values[0] : "(" + sql::joined(values, ", ") + ")";
}

std::string range_condition(const Table& table, const Cut& cut, const Bound& lower,
                            const Bound& upper) {
  const std::string key = key_expression(cut);
  std::string text;
  if (!lower.empty()) text = key + " >= " + bound_expression(table, cut, lower);
  if (upper.empty()) return text;
  if (!text.empty()) text += " AND ";
  return text + key + " < " + bound_expression(table, cut, upper);
}

const DdlRules& SqliteDialect::rules() const {
  static const DdlRules kRules = {.primary_key_inline = true,
                                  .unique_inline = false,
                                  .checks_inline = true,
                                  .foreign_keys_inline = true,
                                  .foreign_keys_unproven = true,
                                  .folds_case = true,
                                  .name_bytes = 0,
                                  .columns = 2000,
                                  .comments = false,
                                  .sequences = false,
                                  .user_types = false,
                                  .index_methods = false,
                                  .index_names_by_schema = true,
                                  .virtual_generated = true,
                                  .identity_needs_key = true,
                                  .indexes_need_plain = true,
                                  .triggers_fire = false,
                                  .values_checked = true,
                                  .nul_in_texts = true};
  return kRules;
}

std::string SqliteDialect::quote(std::string_view identifier) const {
  return sqlite::quote(identifier);
}

std::string SqliteDialect::literal(std::string_view text) const {
  return sqlite::literal(text);
}

bool SqliteDialect::reserves(std::string_view word) const {
  return sqlite3_keyword_check(word.data(), static_cast<int>(word.size())) != 0;
}

Type SqliteDialect::to_type(const std::string& native) const {
  return sqlite::to_type(native);
}

NativeType SqliteDialect::to_native(const Column& column, const ServerFacts& source) const {
  return sqlite::to_native(column, source);
}

std::optional<Kind> SqliteDialect::wire(const Column& source, const Column&) const {
  return source.type.kind;
}

std::optional<std::string> SqliteDialect::translate(const Expression& expression) const {
  if (expression.flavour == facts_.flavour) return expression.text;
  return sql::portable(expression, *this);
}

CellCheck SqliteDialect::check(const ColumnWrite& column) const {
  return check_for(column);
}

std::string SqliteDialect::define(const Column& column, const Table& table) const {
  const InlineKey key = inline_key(column, table);
  const bool rowid = key == InlineKey::rowid || key == InlineKey::autoincrement;
  std::string text = quote(column.name);
  const std::string type = rowid ? "INTEGER" : column.native;
  if (!type.empty()) text += " " + type;
  if (built_in(column.collation)) text += " COLLATE " + column.collation;
  text += key_clause(key, table);
  if (!column.nullable && !rowid) text += " NOT NULL";
  return text + value_clause(column);
}

std::vector<Statement> SqliteDialect::create(const Table& table) const {
  Table whole = table;
  whole.options = options_of(table);
  std::vector<Statement> out;
  out.push_back(at_stage(Statement::Stage::tables, table, "",
                         sql::create_table(*this, whole, !holds_key(whole))));
  for (const Index& index : table.indexes) {
    out.push_back(at_stage(Statement::Stage::indexes, table, index.name,
                           sql::create_index(*this, table, index)));
  }
  for (const Column& column : table.columns) add_sequence(whole, column, out);
  return out;
}

std::string SqliteDialect::drop(const std::vector<TableName>& tables) const {
  std::vector<std::string> statements;
  statements.reserve(tables.size());
  for (const TableName& table : tables) {
    statements.push_back("DROP TABLE " + sql::table_name(*this, table));
  }
  return sql::joined(statements, "; ");
}

std::string SqliteDialect::range(const Table& table, const Cut& cut, const Bound& lower,
                                 const Bound& upper) const {
  return range_condition(table, cut, lower, upper);
}

std::optional<RowFormat> SqliteDialect::native_rows(const Table& source,
                                                    const Table& target) const {
  const bool same = std::equal(source.columns.begin(), source.columns.end(), target.columns.begin(),
                               target.columns.end(), [&](const Column& a, const Column& b) {
                                 return affinity_in(source, a) == affinity_in(target, b);
                               });
  return same ? std::optional(RowFormat::native) : std::nullopt;
}

}  // namespace rowferry::sqlite
