#include "engine/mysql/dialect.h"

#include <algorithm>
#include <cstdlib>

#include "engine/mysql/check.h"
#include "engine/mysql/defaults.h"
#include "engine/mysql/fit.h"
#include "engine/mysql/printed.h"
#include "engine/mysql/types.h"
#include "engine/mysql/words.h"
#include "engine/sql/ddl.h"
#include "engine/sql/expression.h"

namespace rowferry::mysql {

namespace {

// TiDB counts a transaction with its indexes, against 100 MB.
constexpr std::int64_t kTidbPage = 32 << 20;

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

std::string value_clause(const Column& column) {
  if (column.generated) {
    return " GENERATED ALWAYS AS (" + column.generated->expression.text + ") " +
           (column.generated->stored ? "STORED" : "VIRTUAL");
  }
  if (column.identity) {
    return is_random(column) ? " " + column.identity->sequence.native : " AUTO_INCREMENT";
  }
  if (!column.default_value) return "";
  return " DEFAULT " + column.default_value->text;
}

// Whether a type that travels as text keeps the text as it is: an inet6 does not.
bool is_text(const std::string& base) {
  return base.ends_with("char") || base.ends_with("text");
}

// Whether the server would change values of `source` in `target` without a word: fractions of a
// second and of numbers, digits of float(7,2), spaces behind CHAR, bytes up to BINARY's length,
// bits up to BIT's, labels by number, texts that only mean the same.
bool bends(const Column& source, const Column& target) {
  if (source.native == target.native) return false;
  const NativeName native = parse_native(target.native);
  const Type& from = source.type;
  const Type& to = target.type;
  if (native.base == "enum" || native.base == "set") return from.kind != Kind::text;
  if (native.base == "binary") return from.kind != Kind::bytes || !from.fixed;
  if (native.base == "bit")
    return from.kind == Kind::bits && (!from.fixed || from.length != to.length);
  if (native.base == "bigint" && to.kind == Kind::decimal && from.kind == Kind::decimal) {
    return from.precision == 0 || from.scale != 0;
  }
  if (to.kind == Kind::text && !is_text(native.base)) return true;
  if (native.base == "char") {
    return from.kind == Kind::text && !from.fixed && parse_native(source.native).base != "char";
  }
  if (native.base == "float" || native.base == "double") return !native.arguments.empty();
  const bool moves = from.kind == Kind::timestamp || from.kind == Kind::timestamptz ||
                     from.kind == Kind::time || from.kind == Kind::interval;
  const bool timed =
      native.base == "datetime" || native.base == "timestamp" || native.base == "time";
  // Precision 0: not given, which is all six digits elsewhere.
  constexpr int kAll = 7;
  return moves && timed && (from.precision == 0 ? kAll : from.precision) > to.precision;
}

std::string index_parts(const Table& table, const Index& index) {
  std::vector<std::string> parts;
  for (const IndexPart& part : index.parts) {
    const Column* column = find_column(table, part.column);
    std::string text = part.column.empty() ? "(" + part.expression->text + ")" : quote(part.column);
    if (!part.operator_class.empty()) {
      text += part.operator_class;  // a prefix: (10)
    } else if (column != nullptr && is_long(column->native) && index.method.empty() &&
               !index.unique) {
      text += "(" + std::to_string(kPrefix) + ")";
    }
    if (part.descending) text += " DESC";
    parts.push_back(std::move(text));
  }
  return "(" + sql::joined(parts, ", ") + ")" +
         (index.comment.empty() ? "" : " COMMENT " + literal(index.comment));
}

// The index that AUTO_INCREMENT needs from the start, where the primary key does not begin with its
// column.
const Index* index_that_numbers(const Table& table) {
  const auto column =
      std::find_if(table.columns.begin(), table.columns.end(),
                   [](const Column& one) { return static_cast<bool>(one.identity); });
  if (column == table.columns.end()) return nullptr;
  const auto begins = [&](const Index& index) { return index.parts.at(0).column == column->name; };
  if (table.primary_key && begins(*table.primary_key)) return nullptr;
  const auto found = std::find_if(table.indexes.begin(), table.indexes.end(), begins);
  return found == table.indexes.end() ? nullptr : &*found;
}

std::string create_index(const Table& table, const Index& index) {
  std::string kind = index.unique ? "UNIQUE " : "";
  if (index.method == "FULLTEXT" || index.method == "SPATIAL") kind = index.method + " ";
  return "CREATE " + kind + "INDEX " + quote(index.name) + " ON " + qualified(table.name) + " " +
         index_parts(table, index);
}

// Columns compared one by one, from column `first` on: `(a, b) > (x, y)` is no range to these
// servers, and this is.
std::string beyond(const Cut& cut, const Bound& bound, bool below, std::size_t first = 0) {
  std::string text;
  for (std::size_t i = cut.columns.size(); i-- > first;) {
    const std::string name = quote(cut.columns[i]);
    const bool last = i + 1 == cut.columns.size();
    if (last) {
      text = name + (below ? " < " : " >= ") + bound.at(i);
      continue;
    }
    const std::string rest = text;
    text = "(";
    text.append(name).append(below ? " < " : " > ").append(bound.at(i)).append(" OR (");
    text.append(name).append(" = ").append(bound.at(i)).append(" AND ").append(rest).append("))");
  }
  return text;
}

// Texts that differ may still be equal to their collation.
bool may_be_equal(const Table& table, const std::string& name) {
  const Column* column = find_column(table, name);
  return column == nullptr || column->type.kind == Kind::text;
}

// Ranges beside each other: TiDB reads all that begins like a bound where two of beyond() meet.
std::string between(const Table& table, const Cut& cut, const Bound& lower, const Bound& upper) {
  std::string text;
  std::size_t at = 0;
  for (; lower.at(at) == upper.at(at) && at + 1 < cut.columns.size(); ++at) {
    text += quote(cut.columns[at]) + " = " + lower[at] + " AND ";
  }
  const std::string name = quote(cut.columns[at]);
  const bool last = at + 1 == cut.columns.size();
  const std::string both = beyond(cut, lower, false, at) + " AND " + beyond(cut, upper, true, at);
  if (last) return text + both;
  text += "((" + name + " = " + lower[at] + " AND " + beyond(cut, lower, false, at + 1) + ") OR (" +
          name + " > " + lower[at] + " AND " + name + " < " + upper[at] + ") OR (" + name + " = " +
          upper[at] + " AND " + beyond(cut, upper, true, at + 1) + "))";
  return may_be_equal(table, cut.columns[at]) ? text + " AND " + both : text;
}

}  // namespace

std::string quote(std::string_view identifier) {
  return doubled(identifier, '`');
}

std::string literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += c;
    out += c;
  }
  return out + "'";
}

std::string qualified(const TableName& name) {
  return name.schema.empty() ? quote(name.table) : quote(name.schema) + "." + quote(name.table);
}

bool MysqlDialect::has(const char* setting, const char* value) const {
  const auto found = facts_.settings.find(setting);
  return found != facts_.settings.end() && found->second == value;
}

MysqlDialect::MysqlDialect(ServerFacts facts) : facts_(std::move(facts)) {
  rules_ = {.primary_key_inline = true,
            .unique_inline = false,
            .checks = !has("checks", "off"),
            .checks_inline = true,
            .check_names_by_schema = has("server", "mysql"),
            .foreign_key_names_by_schema = true,
            .foreign_keys_inline = false,
            .foreign_keys_plain = true,
            .foreign_keys_unproven = true,
            .folds_case = true,
            .one_schema = true,
            .lowers_tables = has("lower_case_table_names", "1"),
            .name_bytes = 64,
            .name_in_characters = true,
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
            .page_bytes = has("server", "tidb") ? kTidbPage : 0,
            .values_checked = false,
            .nul_in_texts = true,
            .cuts_values = true,
            .folds_texts = true};
}

std::string MysqlDialect::quote(std::string_view identifier) const {
  return mysql::quote(identifier);
}

std::string MysqlDialect::literal(std::string_view text) const {
  return mysql::literal(text);
}

bool MysqlDialect::reserves(std::string_view word) const {
  return is_reserved(word);
}

Type MysqlDialect::to_type(const std::string& native) const {
  return mysql::to_type(native);
}

std::string MysqlDialect::spelled(const std::string& type) const {
  return mysql::spelled(type);
}

std::vector<std::string> MysqlDialect::labels(const Column& column) const {
  if (parse_native(column.native).base != "enum") return {};
  return labels_of(column.native);
}

std::string MysqlDialect::enum_of(const std::vector<std::string>& labels) const {
  std::vector<std::string> quoted;
  quoted.reserve(labels.size());
  for (const std::string& label : labels) quoted.push_back(literal(label));
  return "enum(" + sql::joined(quoted, ",") + ")";
}

NativeType MysqlDialect::to_native(const Column& column, const ServerFacts& source) const {
  if (source.flavour == facts_.flavour) {
    const auto here = facts_.settings.find("server");
    if (here != facts_.settings.end() && !knows_type(here->second, column.native)) {
      NativeType native = mysql::to_native(column);
      if (native.loss.empty()) native.loss = column.native + " becomes " + native.text;
      return native;
    }
    const auto server = source.settings.find("server");
    const bool text = server != source.settings.end() && server->second == "mariadb";
    return {column.native, text ? json_loss(column) : typed_json_loss(column)};
  }
  NativeType native = mysql::to_native(column);
  if (native.loss.empty()) native.loss = json_loss(column);
  return native;
}

std::vector<Loss> MysqlDialect::fit(Table& table, const ServerFacts& source) const {
  const auto named = facts_.settings.find("server");
  const std::string server = named == facts_.settings.end() ? "mariadb" : named->second;
  const auto from = source.settings.find("server");
  const bool family = source.flavour == facts_.flavour;
  const bool same = family && (from == source.settings.end() || from->second == server);
  std::vector<Loss> losses = fit_collations(table, server, facts_.version);
  const auto add = [&](std::vector<Loss> more) {
    losses.insert(losses.end(), more.begin(), more.end());
  };
  if (!same) add(fit_keys(table));
  if (!family) add(fit_row(table));
  if (!family) add(fit_constraints(table));
  if (!same && server != "tidb") add(fit_page(table));
  if (!same) add(fit_defaults(table, server));
  if (!same && server == "mariadb") add(fit_generated(table));
  if (!same && server == "tidb") add(fit_indexes_of_tidb(table));
  if (!same && server != "tidb") add(fit_beyond_tidb(table));
  return losses;
}

// MySQL and TiDB keep the meaning of a document, not its text.
std::string MysqlDialect::json_loss(const Column& column) const {
  const bool anew = column.type.kind == Kind::json && !has("server", "mariadb");
  return anew ? "the server writes documents anew: keys in its order, the last of equal ones, large"
                " numbers as floats"
              : "";
}

// Documents travel as text, in which a decimal is no other than a float.
std::string MysqlDialect::typed_json_loss(const Column& column) const {
  const bool anew = column.type.kind == Kind::json && !has("server", "mariadb");
  return anew ? "decimals in documents become floats; dates, times and bytes strings" : "";
}

std::optional<Kind> MysqlDialect::wire(const Column& source, const Column& target) const {
  const Type& to = target.type;
  if (bends(source, target)) return std::nullopt;
  if (source.type.kind == to.kind || widens(source.type, to)) return to.kind;
  // Held as text, and read back the same.
  const bool bytes = source.type.kind == Kind::bytes;
  const bool roomy = to.length == 0 || target.native.starts_with("varchar");
  const bool truth = source.type.kind == Kind::boolean;  // 1, where a text would say true
  if (to.kind == Kind::text && roomy && !bytes && !truth) return source.type.kind;
  if (source.type.kind == Kind::boolean && to.kind == Kind::int16) return Kind::boolean;
  const bool times = source.type.kind == Kind::time && to.kind == Kind::interval;
  const bool moments = source.type.kind == Kind::timestamptz && to.kind == Kind::timestamp;
  const bool uuids = source.type.kind == Kind::uuid && to.kind == Kind::text && to.length >= 36;
  return times || moments || uuids ? std::optional(source.type.kind) : std::nullopt;
}

std::optional<std::string> MysqlDialect::translate(const Expression& expression) const {
  if (expression.flavour == facts_.flavour) return expression.text;
  std::optional<std::string> text = sql::portable(expression, *this);
  // Two bars are OR here, and CONCAT of numbers is not theirs.
  if (text && holds_outside_strings(*text, "||")) return std::nullopt;
  return text;
}

bool MysqlDialect::pads(const Column& column) const {
  const std::string base = parse_native(column.native).base;
  return base == "char" || base == "binary" || column.type.fixed;
}

CellCheck MysqlDialect::check(const ColumnWrite& column) const {
  return check_for(column, has("server", "mysql"));
}

std::string MysqlDialect::define(const Column& column, const Table&) const {
  std::string text = quote(column.name) + " " + column.native;
  if (!column.collation.empty()) text += " COLLATE " + column.collation;
  const bool generated = static_cast<bool>(column.generated);
  if (generated) text += value_clause(column);
  if (generated && !column.nullable && !has("server", "mariadb")) text += " NOT NULL";
  // Without NULL a timestamp would be NOT NULL on some servers.
  if (!generated) text += column.nullable ? " NULL" : " NOT NULL";
  if (!generated) text += value_clause(column);
  if (!column.on_update.empty()) text += " ON UPDATE " + column.on_update;
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
  if (!table.comment.empty()) {
    whole.options = "COMMENT=" + literal(table.comment) + " " + whole.options;
  }
  if (whole.primary_key) whole.primary_key->name.clear();
  const Index* numbers = index_that_numbers(table);
  std::vector<std::string> more;
  if (numbers != nullptr) {
    more.push_back((numbers->unique ? "UNIQUE KEY " : "KEY ") + quote(numbers->name) + " " +
                   index_parts(table, *numbers));
  }
  out.push_back(
      at_stage(Statement::Stage::tables, table, "", sql::create_table(*this, whole, true, more)));
  for (const Index& index : table.indexes) {
    if (&index == numbers) continue;
    out.push_back(
        at_stage(Statement::Stage::indexes, table, index.name, create_index(table, index)));
  }
  for (const ForeignKey& key : table.foreign_keys) {
    out.push_back(at_stage(
        Statement::Stage::foreign_keys, table, key.name,
        "ALTER TABLE " + qualified(table.name) + " ADD " + sql::foreign_key_clause(*this, key)));
  }
  for (const Column& column : table.columns) {
    if (!column.identity || is_random(column)) continue;
    out.push_back(
        at_stage(Statement::Stage::next_values, table, "",
                 "ALTER TABLE " + qualified(table.name) + " AUTO_INCREMENT = " +
                     std::to_string(std::max<std::int64_t>(1, column.identity->sequence.next))));
  }
  return out;
}

std::string MysqlDialect::drop(const std::vector<TableName>& tables) const {
  std::vector<std::string> names;
  names.reserve(tables.size());
  for (const TableName& table : tables) names.push_back(qualified(table));
  return "DROP TABLE " + sql::joined(names, ", ");
}

std::string MysqlDialect::range(const Table& table, const Cut& cut, const Bound& lower,
                                const Bound& upper) const {
  if (lower.empty()) return upper.empty() ? "" : beyond(cut, upper, true);
  return upper.empty() ? beyond(cut, lower, false) : between(table, cut, lower, upper);
}

std::optional<RowFormat> MysqlDialect::native_rows(const Table& source, const Table& target) const {
  const bool same = std::equal(source.columns.begin(), source.columns.end(), target.columns.begin(),
                               target.columns.end(), [](const Column& a, const Column& b) {
                                 return a.native == b.native && a.collation == b.collation &&
                                        a.charset == b.charset;
                               });
  return same ? std::optional(RowFormat::native) : std::nullopt;
}

// The servers' own text, but for texts in sets of signs that are passed as they lie.
Kind MysqlDialect::native_kind(const Column& column) const {
  return is_binary(column.native) || is_odd(column.charset) ? Kind::bytes : Kind::text;
}

}  // namespace rowferry::mysql
