#include "engine/mysql/describer.h"

#include <algorithm>
#include <array>

#include "engine/mysql/cells.h"
#include "engine/mysql/dialect.h"
#include "engine/mysql/printed.h"
#include "engine/mysql/types.h"

namespace rowferry::mysql {

namespace {

// 'it''s' or 0x00ff at the beginning of `text`.
std::string first_literal(const std::string& text) {
  if (!text.starts_with("'")) return text.substr(0, text.find_first_of(" ,\n"));
  std::size_t end = 1;
  while (end < text.size() && (text[end] != '\'' || text.substr(end, 2) == "''")) {
    end += text[end] == '\\' || text[end] == '\'' ? 2 : 1;
  }
  return text.substr(0, end + 1);
}

// What follows "on update " in EXTRA.
std::string update_of(const std::string& extra) {
  static constexpr std::string_view kUpdate = "on update ";
  const std::size_t at = lower(extra).find(kUpdate);
  return at == std::string::npos ? "" : extra.substr(at + kUpdate.size());
}

// MariaDB prints an expression; MySQL the bare text of a literal, and says when it is none.
std::string default_of(const Column& column, const std::string& text, const std::string& extra,
                       bool is_expression) {
  // TiDB does not say so, and its moments have no other default of this name.
  const Kind type = to_type(column.native).kind;
  const bool moment = type == Kind::timestamp || type == Kind::timestamptz;
  const bool generated = is_expression || moment || holds(lower(extra), "default_generated");
  if (generated && lower(text).starts_with("current_timestamp"))
    return text.ends_with("()") ? "CURRENT_TIMESTAMP" : text;
  if (is_expression) return plain_strings(text);
  if (holds(lower(extra), "default_generated")) {
    return "(" + plain_strings(unescaped(recoded(text))) + ")";
  }
  const Kind kind = to_type(column.native).kind;
  const bool bare = kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64 ||
                    kind == Kind::decimal || kind == Kind::float32 || kind == Kind::float64 ||
                    kind == Kind::bits || (kind == Kind::bytes && text.starts_with("0x"));
  return bare ? text : literal(text);
}

}  // namespace

void Describer::read_columns() {
  const bool tells_generated = connection_.product() == Product::mariadb;
  std::vector<std::pair<Table*, std::size_t>> corrected;
  connection_.each(
      "SELECT table_name, column_name, column_type, is_nullable, column_default, extra,"
      " collation_name, column_comment, generation_expression, " +
          std::string(connection_.product() == Product::mysql ? "srs_id" : "NULL") +
          " FROM information_schema.columns WHERE table_schema" + here_ +
          " ORDER BY table_name, ordinal_position",
      [&](const sql::Row& row) {
        Table* table = find(row[0]);
        if (table == nullptr || row[8] == "ROW START" || row[8] == "ROW END") return;
        Column column;
        column.name = text_of(row[1]);
        column.native = native_of(text_of(row[2]));
        column.nullable = row[3] == "YES";
        column.comment = text_of(row[7]);
        const std::string extra = text_of(row[5]);
        column.on_update = update_of(extra);
        if (holds(lower(extra), "invisible")) {
          table->notes.push_back("column " + column.name + ": becomes visible");
        }
        if (row[6] && text_of(row[6]) != collations_[table->name.table]) column.collation = *row[6];
        if (!row[6] && !labels_of(column.native).empty()) column.collation = "binary";
        const std::string charset = charset_of(text_of(row[6]));
        if (is_odd(charset)) column.charset = charset;
        column.utf8 = charset == "utf8mb4" || charset == "utf8mb3";
        if (row[9]) table->notes.push_back("column " + column.name + ": SRID " + *row[9]);
        if (!text_of(row[8]).empty()) {
          column.generated =
              Generated{.stored = !holds(extra, "VIRTUAL"), .expression = printed(row[8])};
        } else if (holds(extra, "auto_increment")) {
          Identity identity;
          identity.sequence.next = next_values_[table->name.table];
          column.identity = std::move(identity);
        } else if (row[4] && !(tells_generated && row[4] == "NULL")) {
          column.default_value = in_mysql(default_of(column, *row[4], extra, tells_generated));
          const bool literal = !tells_generated && !holds(lower(extra), "default_generated");
          if (literal) corrected.emplace_back(table, table->columns.size());
          if (holds(lower(*row[4]), "nextval(")) {
            table->notes.push_back("column " + column.name + ": default " + *row[4]);
            column.default_value.reset();
          }
        }
        column.type = to_type(column.native);
        column.rendered = only_here(column.native);
        table->columns.push_back(std::move(column));
      });
  for (const auto& [table, column] : corrected) correct_default(*table, table->columns[column]);
}

// MySQL tells the bytes of a default up to the first zero only, and a moment in the zone of
// whoever made the table; SHOW CREATE TABLE has both right.
void Describer::correct_default(const Table& table, Column& column) {
  const bool wrong = holds(column.native, "binary") || column.native.starts_with("timestamp");
  if (!wrong || connection_.product() != Product::mysql) return;
  const std::string shown = shown_table(table.name);
  const std::size_t line = shown.find("\n  " + quote(column.name) + " ");
  static constexpr std::string_view kDefault = " DEFAULT ";
  const std::size_t at = line == std::string::npos ? line : shown.find(kDefault, line);
  if (at == std::string::npos) return;
  column.default_value->text = first_literal(shown.substr(at + kDefault.size()));
}

// What numbers of other kinds of engines do not have, in a line a table.
void Describer::name_unsigned() {
  for (auto& [name, table] : tables_) {
    std::string without_sign;
    std::string filled;
    for (const Column& column : table.columns) {
      if (parse_native(column.native).is_unsigned) without_sign += " " + column.name;
      if (holds(column.native, "zerofill")) filled += " " + column.name;
    }
    if (!without_sign.empty()) {
      table.own_notes.push_back("unsigned, so that negative numbers are taken:" + without_sign);
    }
    if (!filled.empty()) table.own_notes.push_back("zerofill:" + filled);
  }
}

// TiDB does not escape the labels of an enum when it prints them.
std::string Describer::native_of(const std::string& printed) const {
  if (connection_.product() != Product::tidb) return plain_native(printed);
  std::string text;
  for (const char c : printed) text += c == '\\' ? "\\\\" : std::string(1, c);
  return plain_native(text);
}

}  // namespace rowferry::mysql
