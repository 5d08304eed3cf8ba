#include "engine/sqlite/describe.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>
#include <unordered_map>

#include "engine/sqlite/btree.h"
#include "engine/sqlite/create_table.h"
#include "engine/sqlite/dialect.h"
#include "engine/sqlite/tokens.h"
#include "engine/sqlite/types.h"

namespace rowferry::sqlite {

namespace {

std::string folded(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

bool same(std::string_view a, std::string_view b) {
  return folded(a) == folded(b);
}

Expression in_sqlite(std::string text) {
  return {.text = std::move(text), .flavour = "sqlite"};
}

// A row of sqlite_schema, and of PRAGMA table_list for tables.
struct Object {
  std::string type;
  std::string name;
  std::string table;
  std::uint32_t root = 0;
  std::string sql;
  std::string kind;  // "table", "virtual", "shadow", "view"
  bool without_rowid = false;
  bool strict = false;
};

bool ours_or_sqlites(const std::string& name) {
  const std::string lower = folded(name);
  return lower.starts_with("sqlite_") || lower.starts_with("_rowferry_");
}

const ColumnClauses* clauses_of(const CreateTable& parsed, const std::string& column) {
  const auto found = std::find_if(parsed.columns.begin(), parsed.columns.end(),
                                  [&](const ColumnClauses& one) { return same(one.name, column); });
  return found == parsed.columns.end() ? nullptr : &*found;
}

std::string collation_of(const CreateTable& parsed, const std::string& column) {
  const ColumnClauses* clauses = clauses_of(parsed, column);
  return clauses == nullptr || clauses->collation.empty() ? "BINARY" : clauses->collation;
}

std::string action_of(const std::string& text) {
  return text == "NO ACTION" ? "" : text;
}

class Describer {
 public:
  Describer(const Connection& connection, std::shared_ptr<const Wal> wal)
      : connection_(connection),
        file_(connection, std::move(wal)),
        columns_(connection.prepare("SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM "
                                    "pragma_table_xinfo(?1, 'main') ORDER BY cid")),
        indexes_(connection.prepare("SELECT name, \"unique\", origin FROM "
                                    "pragma_index_list(?1, 'main') ORDER BY seq DESC")),
        parts_(connection.prepare("SELECT name, \"desc\", coll FROM "
                                  "pragma_index_xinfo(?1, 'main') WHERE key ORDER BY seqno")),
        keys_(connection.prepare(
            "SELECT name FROM pragma_table_xinfo(?1, 'main') WHERE pk > 0 ORDER BY pk")),
        references_(connection.prepare(
            "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete, match FROM "
            "pragma_foreign_key_list(?1, 'main') ORDER BY id DESC, seq")) {
    read_objects();
    read_sequences();
  }

  Schema describe(const std::function<bool(const TableName&)>& wanted) {
    Schema schema;
    for (const Object& object : objects_) {
      if (ours_or_sqlites(object.table) || !wanted({"", object.table})) continue;
      if (object.kind == "table") {
        schema.tables.push_back(table(object));
      } else if (object.kind != "shadow" && object.type != "index") {
        schema.others.push_back(other(object));
      }
    }
    return schema;
  }

 private:
  void read_objects() {
    std::unordered_map<std::string, Object> listed;
    Prepared list = connection_.prepare(
        "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'");
    while (list.step()) {
      Object& object = listed[list.text(0)];
      object.kind = list.text(1);
      object.without_rowid = list.integer(2) != 0;
      object.strict = list.integer(3) != 0;
    }
    Prepared all = connection_.prepare(
        "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid");
    while (all.step()) {
      const std::string type = all.text(0);
      Object object = type == "table" || type == "view" ? listed[all.text(1)] : Object{};
      object.type = type;
      object.name = all.text(1);
      object.table = all.text(2);
      object.root = static_cast<std::uint32_t>(all.integer(3));
      object.sql = all.text(4);
      remember(std::move(object));
    }
  }

  void remember(Object object) {
    names_.insert(folded(object.name));
    if (object.type == "index") index_sql_[object.name] = object.sql;
    if (object.type == "trigger") triggered_.insert(folded(object.table));
    if (object.type == "table") table_names_[folded(object.name)] = object.name;
    objects_.push_back(std::move(object));
  }

  // sqlite_sequence has no index: read once.
  void read_sequences() {
    if (!table_names_.contains("sqlite_sequence")) return;
    Prepared all = connection_.prepare("SELECT name, max(seq) FROM sqlite_sequence GROUP BY name");
    while (all.step()) sequences_[all.text(0)] = all.integer(1);
  }

  static std::string other(const Object& object) {
    if (object.type == "trigger") return "trigger " + object.name + " on " + object.table;
    if (object.kind == "virtual") return "virtual table " + object.name;
    return object.type + " " + object.name;
  }

  Table table(const Object& object) {
    const CreateTable parsed = parse_create_table(object.sql);
    Table table;
    table.name.table = object.name;
    if (object.without_rowid) table.options = "WITHOUT ROWID";
    if (triggered_.contains(folded(object.name))) table.triggers = Table::Triggers::ordinary;
    if (object.strict) table.options += table.options.empty() ? "STRICT" : ", STRICT";
    std::vector<std::string> key;
    read_columns(parsed, table, key);
    read_indexes(parsed, table);
    if (!key.empty() && !table.primary_key) rowid_key(parsed, key[0], table);
    if (object.without_rowid) forbid_nulls(key, table);
    read_references(parsed, table);
    for (const CheckClause& check : parsed.checks) {
      table.checks.push_back({.name = check.name, .expression = in_sqlite(check.expression)});
    }
    for (const std::string& action : parsed.on_conflict) {
      table.notes.push_back("ON CONFLICT " + action + " is not carried over");
    }
    estimate(object, table);
    return table;
  }

  void read_columns(const CreateTable& parsed, Table& table, std::vector<std::string>& key) {
    columns_.bind(1, table.name.table);
    while (columns_.step()) {
      table.columns.push_back(column(parsed));
      const auto place = static_cast<std::size_t>(columns_.integer(4));
      if (place == 0) continue;
      key.resize(std::max(key.size(), place));
      key[place - 1] = table.columns.back().name;
    }
  }

  Column column(const CreateTable& parsed) const {
    Column column;
    column.name = columns_.text(0);
    column.native = columns_.text(1);
    column.type = to_type(column.native);
    // A name that says nothing (STRING) lets numbers in, which other engines get as text.
    column.rendered = column.type.kind == Kind::text && !column.native.empty() &&
                      affinity_of(column.native) == Affinity::numeric;
    column.nullable = columns_.integer(2) == 0;
    if (!columns_.null(3)) column.default_value = in_sqlite(default_expression(columns_.text(3)));
    const ColumnClauses* clauses = clauses_of(parsed, column.name);
    if (clauses == nullptr) return column;
    if (!same(collation_of(parsed, column.name), "BINARY")) column.collation = clauses->collation;
    const std::int64_t hidden = columns_.integer(5);
    if (hidden == 2 || hidden == 3) {
      column.generated =
          Generated{.stored = hidden == 3, .expression = in_sqlite(clauses->generated)};
    }
    return column;
  }

  void read_indexes(const CreateTable& parsed, Table& table) {
    indexes_.bind(1, table.name.table);
    while (indexes_.step()) {
      const std::string origin = indexes_.text(2);
      Index made = index(parsed, indexes_.text(0));
      made.unique = indexes_.integer(1) != 0;
      made.constraint = origin != "c";
      if (origin == "pk") {
        made.name = key_name(parsed, made, true);
        table.primary_key = std::move(made);
        continue;
      }
      if (origin == "u") made.name = unique_name(table, made, key_name(parsed, made, false));
      table.indexes.push_back(std::move(made));
    }
  }

  Index index(const CreateTable& parsed, const std::string& name) {
    Index index;
    index.name = name;
    const CreateIndex text = parse_create_index(index_sql_[name]);
    if (!text.predicate.empty()) index.predicate = in_sqlite(text.predicate);
    parts_.bind(1, name);
    while (parts_.step()) {
      IndexPart part;
      part.column = parts_.text(0);
      const std::size_t at = index.parts.size();
      if (parts_.null(0) && at < text.parts.size()) part.expression = in_sqlite(text.parts[at]);
      part.descending = parts_.integer(1) != 0;
      const std::string own = part.column.empty() ? "BINARY" : collation_of(parsed, part.column);
      if (!same(parts_.text(2), own)) part.collation = parts_.text(2);
      index.parts.push_back(std::move(part));
    }
    return index;
  }

  // What the text calls the constraint over the index's columns; often nothing.
  static std::string key_name(const CreateTable& parsed, const Index& index, bool primary) {
    const auto found =
        std::find_if(parsed.keys.begin(), parsed.keys.end(), [&](const KeyClause& key) {
          return key.primary == primary &&
                 std::equal(key.columns.begin(), key.columns.end(), index.parts.begin(),
                            index.parts.end(), [](const std::string& name, const IndexPart& part) {
                              return same(name, part.column);
                            });
        });
    return found == parsed.keys.end() ? "" : found->name;
  }

  // SQLite keeps names that begin with sqlite_ to itself, and index names are unique in the file.
  std::string unique_name(const Table& table, const Index& index, std::string name) {
    if (name.empty()) {
      name = table.name.table;
      for (const IndexPart& part : index.parts) name += "_" + part.column;
      name += "_key";
    }
    std::string free = name;
    for (int i = 2; !names_.insert(folded(free)).second; ++i) free = name + "_" + std::to_string(i);
    return free;
  }

  // A key without an index is the rowid.
  void rowid_key(const CreateTable& parsed, const std::string& column, Table& table) const {
    Index key;
    key.parts.emplace_back().column = column;
    key.unique = true;
    key.constraint = true;
    key.name = key_name(parsed, key, true);
    table.primary_key = std::move(key);
    for (Column& one : table.columns) {
      if (one.name != column) continue;
      one.nullable = false;
      one.identity = identity(parsed, table.name.table, column);
    }
  }

  Identity identity(const CreateTable& parsed, const std::string& table,
                    const std::string& column) const {
    Identity identity;
    identity.how = parsed.autoincrement ? Identity::How::by_default : Identity::How::implicit;
    identity.sequence.native = "INTEGER";
    std::int64_t last = 0;
    Prepared largest =
        connection_.prepare("SELECT max(" + quote(column) + ") FROM main." + quote(table));
    while (largest.step()) last = std::max(last, largest.integer(0));
    const auto kept = sequences_.find(table);
    if (kept != sequences_.end()) last = std::max(last, kept->second);
    identity.sequence.next = last == INT64_MAX ? last : last + 1;
    return identity;
  }

  static void forbid_nulls(const std::vector<std::string>& key, Table& table) {
    for (Column& column : table.columns) {
      if (std::find(key.begin(), key.end(), column.name) != key.end()) column.nullable = false;
    }
  }

  // The pragma counts from the clause written last; the clauses are in the order of the text.
  void read_references(const CreateTable& parsed, Table& table) {
    references_.bind(1, table.name.table);
    std::int64_t id = -1;
    while (references_.step()) {
      if (references_.integer(0) != id) {
        id = references_.integer(0);
        table.foreign_keys.push_back(reference());
      }
      ForeignKey& key = table.foreign_keys.back();
      key.columns.push_back(references_.text(2));
      if (!references_.null(3)) key.to_columns.push_back(references_.text(3));
    }
    for (ForeignKey& key : table.foreign_keys) {
      if (key.to_columns.empty()) key.to_columns = key_of(key.to.table);
    }
    if (parsed.references.size() != table.foreign_keys.size()) return;
    for (std::size_t i = 0; i < parsed.references.size(); ++i) {
      table.foreign_keys[i].name = parsed.references[i].name;
      table.foreign_keys[i].deferral = parsed.references[i].deferral;
    }
  }

  // REFERENCES without columns means the primary key.
  std::vector<std::string> key_of(const std::string& table) {
    std::vector<std::string> names;
    keys_.bind(1, table);
    while (keys_.step()) names.push_back(keys_.text(0));
    return names;
  }

  ForeignKey reference() const {
    ForeignKey key;
    const std::string to = references_.text(1);
    const auto known = table_names_.find(folded(to));
    key.to.table = known == table_names_.end() ? to : known->second;
    key.on_update = action_of(references_.text(4));
    key.on_delete = action_of(references_.text(5));
    key.match_full = references_.text(6) == "FULL";
    return key;
  }

  void estimate(const Object& object, Table& table) const {
    static constexpr double kCoarse = 1e18;  // bytes a page: look no closer than needed
    double bytes = 0;
    double rows = 0;
    for (const Piece& piece : outline(file_, object.root, kCoarse, 0)) {
      bytes += piece.bytes;
      rows += piece.rows;
    }
    table.bytes = std::llround(bytes);
    table.rows = std::llround(rows);
  }

  const Connection& connection_;
  PageFile file_;
  Prepared columns_;
  Prepared indexes_;
  Prepared parts_;
  Prepared keys_;
  Prepared references_;
  std::vector<Object> objects_;
  std::set<std::string> names_;                               // folded
  std::set<std::string> triggered_;                           // tables with triggers, folded
  std::unordered_map<std::string, std::string> table_names_;  // folded to written
  std::unordered_map<std::string, std::string> index_sql_;
  std::unordered_map<std::string, std::int64_t> sequences_;
};

}  // namespace

std::string default_expression(const std::string& kept) {
  static constexpr std::string_view kWords[] = {
      "NULL", "TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"};
  const std::vector<Token> tokens = tokens_of(kept);
  if (tokens.size() != 2) return kept;
  const Token& token = tokens[0];
  if (token.what == Token::What::name) return literal(token.text);
  if (token.what != Token::What::word) return kept;
  const bool known = std::any_of(std::begin(kWords), std::end(kWords),
                                 [&](std::string_view word) { return is_word(token, word); });
  return known ? kept : literal(token.text);
}

Schema describe_schema(const Connection& connection, std::shared_ptr<const Wal> wal,
                       const std::function<bool(const TableName&)>& wanted) {
  return Describer(connection, std::move(wal)).describe(wanted);
}

}  // namespace rowferry::sqlite
