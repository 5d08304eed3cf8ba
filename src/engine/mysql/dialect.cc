#include "engine/mysql/dialect.h"

#include <algorithm>
#include <cstdlib>

#include "engine/mysql/types.h"
#include "engine/sql/ddl.h"
#include "engine/sql/expression.h"

namespace rowferry::mysql {

namespace {

constexpr int kKeyBytes = 3072;  // of an InnoDB key
constexpr int kPrefix = 191;     // characters of a long text that an index looks at

std::string doubled(std::string_view text, char mark) {
  std::string out(1, mark);
  for (const char c : text) {
    if (c == mark) out += mark;
    out += c;
  }
  return out + mark;
}

Statement at_stage(Statement::Stage stage, const Table& table, std::string name, std::string sql) {
  return {.stage = stage, .table = table.name, .name = std::move(name), .sql = std::move(sql)};
}

bool is_long(const std::string& native) {
  return native.ends_with("text") || native.ends_with("blob");
}

// Bytes that a column of a key takes there, at most; 0 for a text without a limit.
int bytes_in_key(const Table& table, const std::string& name) {
  static constexpr int kOthers = 40;
  const Column* column = find_column(table, name);
  if (column == nullptr) return kOthers;
  if (is_long(column->native)) return 0;
  const NativeName native = parse_native(column->native);
  return native.base.ends_with("char") ? 4 * std::atoi(native.arguments.c_str()) : kOthers;
}

// How many characters a text without a limit may have in a key over `names`, when all such texts of
// the key have the same share of it.
int share_of(const Table& table, const std::vector<std::string>& names) {
  int left = kKeyBytes;
  int texts = 0;
  for (const std::string& name : names) {
    const int bytes = bytes_in_key(table, name);
    left -= bytes;
    if (bytes == 0) ++texts;
  }
  return std::max(1, left / 4 / std::max(1, texts));
}

// How many characters of a text without a limit its keys can hold; 0: it is in none. A longer value
// is refused when it comes, never cut.
int key_room(const Column& column, const Table& table) {
  int room = 0;
  const auto look = [&](const std::vector<std::string>& names) {
    if (std::find(names.begin(), names.end(), column.name) == names.end()) return;
    const int share = share_of(table, names);
    room = room == 0 ? share : std::min(room, share);
  };
  const auto names_of = [](const Index& index) {
    std::vector<std::string> names;
    for (const IndexPart& part : index.parts) names.push_back(part.column);
    return names;
  };
  if (table.primary_key) look(names_of(*table.primary_key));
  for (const Index& index : table.indexes) {
    if (index.unique) look(names_of(index));
  }
  for (const ForeignKey& key : table.foreign_keys) look(key.columns);
  return room;
}

bool is_now(const std::string& text) {
  return text.starts_with("CURRENT_TIMESTAMP") || text.starts_with("current_timestamp");
}

std::string value_clause(const Column& column, bool own) {
  if (column.generated) {
    return " GENERATED ALWAYS AS (" + column.generated->expression.text + ") " +
           (column.generated->stored ? "STORED" : "VIRTUAL");
  }
  if (column.identity) {
    const std::string& how = column.identity->sequence.native;  // AUTO_RANDOM(5)
    return how.empty() || !own ? " AUTO_INCREMENT" : " " + how;
  }
  if (!column.default_value) return "";
  const std::string& text = column.default_value->text;
  return own || is_now(text) ? " DEFAULT " + text : " DEFAULT (" + text + ")";
}

std::string index_parts(const Table& table, const Index& index) {
  std::vector<std::string> parts;
  for (const IndexPart& part : index.parts) {
    const Column* column = find_column(table, part.column);
    std::string text = part.column.empty() ? "(" + part.expression->text + ")" : quote(part.column);
    if (!part.operator_class.empty()) {
      text += part.operator_class;  // a prefix: (10)
    } else if (column != nullptr && is_long(column->native) && index.method.empty()) {
      text += "(" + std::to_string(kPrefix) + ")";
    }
    if (part.descending) text += " DESC";
    parts.push_back(std::move(text));
  }
  return "(" + sql::joined(parts, ", ") + ")";
}

std::string create_index(const Table& table, const Index& index) {
  std::string kind = index.unique ? "UNIQUE " : "";
  if (index.method == "FULLTEXT" || index.method == "SPATIAL") kind = index.method + " ";
  return "CREATE " + kind + "INDEX " + quote(index.name) + " ON " + qualified(table.name) + " " +
         index_parts(table, index);
}

// Columns compared one by one: `(a, b) > (x, y)` is no range to these servers, and this is.
std::string beyond(const Table& table, const Cut& cut, const Bound& bound, bool below) {
  std::string text;
  for (std::size_t i = cut.columns.size(); i-- > 0;) {
    const std::string name = quote(cut.columns[i]);
    const bool last = i + 1 == cut.columns.size();
    const std::string strict = name + (below ? " < " : " > ") + bound.at(i);
    if (last) {
      text = name + (below ? " < " : " >= ") + bound.at(i);
    } else {
      text = "(" + strict + " OR (" + name + " = " + bound.at(i) + " AND " + text + "))";
    }
  }
  (void)table;
  return text;
}

// `checks`: whether the server keeps check constraints.
DdlRules all_rules(bool checks) {
  return {.primary_key_inline = true,
          .unique_inline = false,
          .checks = checks,
          .checks_inline = true,
          .foreign_keys_inline = false,
          .foreign_keys_unproven = true,
          .folds_case = true,
          .name_bytes = 64,
          .columns = 1017,
          .comments = true,
          .sequences = false,
          .user_types = false,
          .index_methods = true,
          .index_names_by_schema = false,
          .virtual_generated = true,
          .identity_needs_key = true,
          .indexes_need_plain = true,
          .partial_indexes = false,
          .expression_indexes = false,
          .values_checked = false};
}

}  // namespace

std::string quote(std::string_view identifier) {
  return doubled(identifier, '`');
}

std::string literal(std::string_view text) {
  return doubled(text, '\'');
}

std::string qualified(const TableName& name) {
  return name.schema.empty() ? quote(name.table) : quote(name.schema) + "." + quote(name.table);
}

bool MysqlDialect::has(const char* setting, const char* value) const {
  const auto found = facts_.settings.find(setting);
  return found != facts_.settings.end() && found->second == value;
}

const DdlRules& MysqlDialect::rules() const {
  static const DdlRules kRules = all_rules(true);
  static const DdlRules kWithoutChecks = all_rules(false);
  return has("checks", "off") ? kWithoutChecks : kRules;
}
std::string MysqlDialect::quote(std::string_view identifier) const {
  return mysql::quote(identifier);
}

std::string MysqlDialect::literal(std::string_view text) const {
  return mysql::literal(text);
}

Type MysqlDialect::to_type(const std::string& native) const {
  return mysql::to_type(native);
}

NativeType MysqlDialect::to_native(const Column& column, const ServerFacts& source) const {
  if (source.flavour == facts_.flavour) return {column.native, ""};
  return mysql::to_native(column);
}

std::vector<std::string> MysqlDialect::fit(Table& table) const {
  std::vector<std::string> losses;
  for (Column& column : table.columns) {
    if (!is_long(column.native)) continue;
    const int room = key_room(column, table);
    if (room == 0) continue;
    const bool text = column.native.ends_with("text");
    column.native = (text ? "varchar(" : "varbinary(") + std::to_string(room) + ")";
    column.type = mysql::to_type(column.native);
    losses.push_back("column " + column.name + ": holds at most " + std::to_string(room) +
                     (text ? " characters" : " bytes") + ", being part of a key");
  }
  return losses;
}

std::optional<Kind> MysqlDialect::wire(const Column& source, const Column& target) const {
  const Type& to = target.type;
  if (source.type.kind == to.kind || widens(source.type, to)) return to.kind;
  // Held as text, and read back the same.
  if (to.kind == Kind::text && to.length == 0) return source.type.kind;
  if (source.type.kind == Kind::boolean && to.kind == Kind::int16) return Kind::boolean;
  const bool times = source.type.kind == Kind::time && to.kind == Kind::interval;
  const bool moments = source.type.kind == Kind::timestamptz && to.kind == Kind::timestamp;
  const bool uuids = source.type.kind == Kind::uuid && to.kind == Kind::text && to.length >= 36;
  return times || moments || uuids ? std::optional(source.type.kind) : std::nullopt;
}

std::optional<std::string> MysqlDialect::translate(const Expression& expression) const {
  if (expression.flavour == facts_.flavour) return expression.text;
  return sql::portable(expression, *this);
}

std::string MysqlDialect::define(const Column& column, const Table&) const {
  std::string text = quote(column.name) + " " + column.native;
  if (!column.collation.empty()) text += " COLLATE " + column.collation;
  const bool own = column.identity
                       ? has("server", "tidb")
                       : column.default_value && column.default_value->flavour == facts_.flavour;
  const bool generated = static_cast<bool>(column.generated);
  if (generated) text += value_clause(column, own);
  // Without NULL a timestamp would be NOT NULL on some servers.
  if (!generated) text += column.nullable ? " NULL" : " NOT NULL";
  if (!generated) text += value_clause(column, own);
  if (!column.comment.empty()) text += " COMMENT " + literal(column.comment);
  return text;
}

std::vector<Statement> MysqlDialect::create(const Table& table) const {
  std::vector<Statement> out;
  Table whole = table;
  if (whole.options.empty() || whole.options.find("ENGINE") == std::string::npos) {
    whole.options =
        std::string("ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=") +
        (has("server", "mariadb") ? "utf8mb4_nopad_bin"
         : has("server", "tidb")  ? "utf8mb4_bin"
                                  : "utf8mb4_0900_bin");
  }
  if (!table.comment.empty()) whole.options += " COMMENT=" + literal(table.comment);
  if (whole.primary_key) {
    whole.primary_key->name.clear();
    for (IndexPart& part : whole.primary_key->parts) part.descending = false;
  }
  out.push_back(
      at_stage(Statement::Stage::tables, table, "", sql::create_table(*this, whole, true)));
  for (const Index& index : table.indexes) {
    out.push_back(
        at_stage(Statement::Stage::indexes, table, index.name, create_index(table, index)));
  }
  for (const ForeignKey& key : table.foreign_keys) {
    out.push_back(at_stage(
        Statement::Stage::foreign_keys, table, key.name,
        "ALTER TABLE " + qualified(table.name) + " ADD " + sql::foreign_key_clause(*this, key)));
  }
  for (const Column& column : table.columns) {
    if (!column.identity || !column.identity->sequence.native.empty()) continue;
    out.push_back(
        at_stage(Statement::Stage::next_values, table, "",
                 "ALTER TABLE " + qualified(table.name) + " AUTO_INCREMENT = " +
                     std::to_string(std::max<std::int64_t>(1, column.identity->sequence.next))));
  }
  return out;
}

std::string MysqlDialect::drop(const std::vector<TableName>& tables) const {
  std::vector<std::string> names;
  for (const TableName& table : tables) names.push_back(qualified(table));
  return "DROP TABLE " + sql::joined(names, ", ");
}

std::string MysqlDialect::range(const Table& table, const Cut& cut, const Bound& lower,
                                const Bound& upper) const {
  std::string text;
  if (!lower.empty()) text = beyond(table, cut, lower, false);
  if (upper.empty()) return text;
  if (!text.empty()) text += " AND ";
  return text + beyond(table, cut, upper, true);
}

std::optional<RowFormat> MysqlDialect::native_rows(const std::vector<Column>& source,
                                                   const std::vector<Column>& target) const {
  const bool same = std::equal(source.begin(), source.end(), target.begin(), target.end(),
                               [](const Column& a, const Column& b) {
                                 return a.native == b.native && a.collation == b.collation;
                               });
  return same ? std::optional(RowFormat::native) : std::nullopt;
}

}  // namespace rowferry::mysql
