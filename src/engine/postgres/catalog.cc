#include "engine/postgres/catalog.h"

#include <map>
#include <set>

#include "engine/postgres/dialect.h"
#include "engine/postgres/snapshot.h"
#include "engine/postgres/sql.h"
#include "engine/postgres/types.h"

namespace rowferry::postgres {

namespace {

using sql::Row;
using sql::Rows;

constexpr const char* kFlavour = "postgres";
constexpr int kAskedTogether = 200;  // sequences in one query

std::string text(const std::optional<std::string>& value) {
  return value.value_or("");
}
std::int64_t number(const std::optional<std::string>& value) {
  return value ? std::stoll(*value) : 0;
}
bool is_true(const std::optional<std::string>& value) {
  return value && *value == "t";
}

std::vector<std::string> names_in(const std::optional<std::string>& json) {
  return json ? to_bound(*json) : std::vector<std::string>{};
}

std::string deferral(bool deferrable, bool deferred) {
  if (!deferrable) return "";
  return deferred ? "DEFERRABLE INITIALLY DEFERRED" : "DEFERRABLE";
}

std::string action(const std::string& code) {
  static const std::map<std::string, std::string> kActions = {
      {"r", "RESTRICT"}, {"c", "CASCADE"}, {"n", "SET NULL"}, {"d", "SET DEFAULT"}};
  const auto found = kActions.find(code);
  return found == kActions.end() ? "" : found->second;
}

// Builds a Schema from the rows of the catalog queries, one method a query.
class Describer {
 public:
  Describer(Session& session, const std::function<bool(const TableName&)>& wanted)
      : session_(session), wanted_(wanted) {}

  Schema schema() {
    relations();
    columns();
    sequences();
    indexes();
    constraints();
    user_types();
    others();
    for (auto& [oid, table] : tables_) schema_.tables.push_back(std::move(table));
    return std::move(schema_);
  }

 private:
  void relations() {
    const Rows rows = session_.query(sql_text::relations);
    std::map<std::string, std::string> parents;  // partition -> partitioned table, both by oid
    for (const Row& row : rows) {
      if (number(row[4]) != 0) parents[text(row[0])] = text(row[4]);
    }
    for (const Row& row : rows) {
      if (number(row[4]) == 0) relation(row);
    }
    for (const Row& row : rows) {
      if (number(row[4]) != 0 && text(row[3]) != "p") leaf(row, parents);
    }
    for (auto& [oid, table] : tables_) oids_ += (oids_.empty() ? "" : ",") + oid;
  }

  void relation(const Row& row) {
    const TableName name{text(row[1]), text(row[2])};
    const std::string kind = text(row[3]);
    if (!wanted_(name)) return;
    if (kind != "r" && kind != "p") {
      static const std::map<std::string, std::string> kKinds = {
          {"v", "view "}, {"m", "materialized view "}, {"f", "foreign table "}};
      schema_.others.push_back(kKinds.at(kind) + to_string(name));
      return;
    }
    Table table;
    table.name = name;
    table.partitioned = kind == "p";
    table.rows = number(row[6]);
    table.bytes = number(row[7]);
    table.comment = text(row[9]);
    table.triggers = static_cast<Table::Triggers>(number(row[14]));
    if (is_true(row[10])) table.notes.push_back("row security");
    if (text(row[11]) == "u") table.notes.push_back("UNLOGGED: the copy is an ordinary table");
    if (table.partitioned) {
      table.notes.push_back("partitioned by " + text(row[12]) + ": the copy is one table");
    } else if (number(row[13]) > 0) {
      table.notes.push_back("inheritance: its children are tables of their own");
    }
    tables_.emplace(text(row[0]), std::move(table));
  }

  void leaf(const Row& row, const std::map<std::string, std::string>& parents) {
    std::string root = text(row[4]);
    for (auto up = parents.find(root); up != parents.end(); up = parents.find(root)) {
      root = up->second;
    }
    const auto found = tables_.find(root);
    if (found == tables_.end()) return;
    Table& table = found->second;
    if (text(row[3]) == "f") {
      table.notes.push_back("partition " + text(row[2]) +
                            ": a foreign table, which is read outside the snapshot");
    }
    table.parts.push_back(
        {.name = {text(row[1]), text(row[2])}, .bytes = number(row[7]), .blocks = number(row[8])});
    table.bytes += number(row[7]);
    table.rows = std::max<std::int64_t>(table.rows, 0) + std::max<std::int64_t>(number(row[6]), 0);
  }

  Rows query(std::string_view sql) {
    return session_.query(sql, std::vector<std::string>{"{" + oids_ + "}"});
  }

  void columns() {
    for (const Row& row : query(sql_text::columns)) {
      tables_.at(text(row[0])).columns.push_back(column(row, tables_.at(text(row[0]))));
    }
  }

  Column column(const Row& row, Table& table) {
    Column column;
    column.name = text(row[1]);
    column.native = text(row[2]);
    if (text(row[3]) == "d") {
      table.notes.push_back("column " + column.name + ": domain " + column.native + " becomes " +
                            text(row[5]) + "; the domain's checks are not carried");
      column.native = text(row[5]);
    }
    column.type = to_type(column.native);
    const bool label = text(row[3]) == "e";  // an enum's value is its label, nothing is rendered
    column.normalises = column.native == "jsonb";
    column.rendered = column.type.kind == Kind::text && !sends_kind(column.native) && !label;
    column.nullable = !is_true(row[6]);
    if (row[7]) {
      const Expression expression{*row[7], kFlavour};
      if (text(row[8]) == "s" || text(row[8]) == "v") {
        column.generated = Generated{text(row[8]) == "s", expression};
      } else {
        column.default_value = expression;
      }
    }
    if (!text(row[9]).empty()) {
      column.identity.emplace();
      column.identity->how =
          text(row[9]) == "a" ? Identity::How::always : Identity::How::by_default;
    }
    column.collation = text(row[10]);
    column.comment = text(row[11]);
    column.own_order = is_true(row[12]);
    return column;
  }

  void sequences() {
    const Rows rows = session_.query(sql_text::sequences);
    const std::map<std::string, std::int64_t> untouched = untouched_values(rows);
    for (const Row& row : rows) {
      Sequence sequence = sequence_of(row);
      if (const auto set = untouched.find(text(row[0])); set != untouched.end()) {
        sequence.next = set->second;
      }
      const auto owner = tables_.find(text(row[10]));
      if (owner == tables_.end()) {
        if (number(row[10]) == 0 && wanted_(sequence.name)) {
          schema_.sequences.push_back(std::move(sequence));
        }
        continue;
      }
      for (Column& column : owner->second.columns) {
        if (column.name != text(row[11])) continue;
        own(column, std::move(sequence), text(row[12]) == "i");
        break;
      }
    }
  }

  // The catalog does not say where a sequence stands that was set and not yet drawn from, as a
  // restored dump leaves it: the sequence itself does, to those who may read it.
  std::map<std::string, std::int64_t> untouched_values(const Rows& sequences) {
    std::map<std::string, std::int64_t> values;
    std::string query;
    int asked = 0;
    const auto ask = [&] {
      if (query.empty()) return;
      for (const Row& row : session_.query(query)) values[text(row[0])] = number(row[1]);
      query.clear();
    };
    for (const Row& row : sequences) {
      if (row[13] || !is_true(row[14])) continue;
      if (!query.empty()) query += " UNION ALL ";
      query += "SELECT '" + text(row[0]) + "', last_value FROM " + quote(text(row[1])) + "." +
               quote(text(row[2]));
      if (++asked % kAskedTogether == 0) ask();
    }
    ask();
    return values;
  }

  static Sequence sequence_of(const Row& row) {
    Sequence sequence;
    sequence.name = {text(row[1]), text(row[2])};
    sequence.increment = number(row[4]);
    sequence.minimum = number(row[5]);
    sequence.maximum = number(row[6]);
    sequence.cache = number(row[7]);
    sequence.cycles = is_true(row[8]);
    sequence.native = text(row[9]);
    sequence.start = number(row[3]);
    sequence.known = row[13] || is_true(row[14]);
    sequence.next = row[13] ? next_after(number(row[13]), sequence) : sequence.start;
    return sequence;
  }

  static std::int64_t next_after(std::int64_t last, const Sequence& sequence) {
    std::int64_t next = 0;
    if (__builtin_add_overflow(last, sequence.increment, &next)) return last;
    if (sequence.increment > 0 && next > *sequence.maximum) {
      return sequence.cycles ? *sequence.minimum : last;
    }
    if (sequence.increment < 0 && next < *sequence.minimum) {
      return sequence.cycles ? *sequence.maximum : last;
    }
    return next;
  }

  // A serial column draws its default from the sequence; a column that owns one and does not (the
  // default was dropped) keeps none.
  static void own(Column& column, Sequence sequence, bool identity) {
    if (identity) {
      if (column.identity) column.identity->sequence = std::move(sequence);
      return;
    }
    const bool draws = column.default_value && column.default_value->text.starts_with("nextval(");
    if (!draws) return;
    column.identity.emplace();
    column.identity->how = Identity::How::owned;
    column.identity->sequence = std::move(sequence);
    column.default_value.reset();
  }

  void indexes() {
    Table* table = nullptr;
    Index index;
    std::string contype;
    const auto finish = [&] {
      if (table != nullptr) add_index(*table, std::move(index), contype);
      index = {};
    };
    std::string last;
    for (const Row& row : query(sql_text::indexes)) {
      if (!is_true(row[16])) continue;  // left behind by a failed CREATE INDEX CONCURRENTLY
      const std::string key = text(row[0]) + "/" + text(row[1]);
      if (key != last) {
        finish();
        last = key;
        table = &tables_.at(text(row[0]));
        contype = text(row[12]);
        start_index(index, row);
      }
      add_part(index, row);
    }
    finish();
  }

  static void start_index(Index& index, const Row& row) {
    index.name = text(row[1]);
    index.unique = is_true(row[2]);
    index.method = text(row[3]) == "btree" ? "" : text(row[3]);
    if (row[11]) index.predicate = Expression{*row[11], kFlavour};
    index.constraint = row[12].has_value();
    index.deferral = deferral(is_true(row[13]), is_true(row[14]));
    index.nulls_distinct = text(row[15]).find(" NULLS NOT DISTINCT") == std::string::npos;
  }

  static void add_part(Index& index, const Row& row) {
    if (!is_true(row[5])) {
      index.included.push_back(text(row[6]));
      return;
    }
    IndexPart part;
    part.column = text(row[6]);
    if (part.column.empty()) part.expression = Expression{text(row[7]), kFlavour};
    const std::int64_t option = number(row[8]);
    part.descending = (option & 1) != 0;
    const bool nulls_first = (option & 2) != 0;
    if (index.method.empty() && nulls_first != part.descending) part.nulls_first = nulls_first;
    part.collation = text(row[9]);
    part.operator_class = text(row[10]);
    index.parts.push_back(std::move(part));
  }

  static void add_index(Table& table, Index index, const std::string& contype) {
    if (contype == "x") {
      table.notes.push_back("exclusion constraint " + index.name);
    } else if (!contype.empty() && !index.method.empty()) {  // no ordered tree: WITHOUT OVERLAPS
      table.notes.push_back((contype == "p" ? "primary key " : "unique constraint ") + index.name +
                            ", and that its rows do not overlap");
    } else if (contype == "p") {
      table.primary_key = std::move(index);
    } else {
      table.indexes.push_back(std::move(index));
    }
  }

  void constraints() {
    for (const Row& row : query(sql_text::constraints)) {
      Table& table = tables_.at(text(row[0]));
      if (text(row[2]) == "n") {
        not_null(table, row);
      } else if (text(row[2]) == "c") {
        check(table, row);
      } else {
        foreign_key(table, row);
      }
    }
  }

  // Rows may hold NULL in a column whose NOT NULL is not valid.
  static void not_null(Table& table, const Row& row) {
    const std::string name = names_in(row[3]).at(0);
    if (!is_true(row[12])) {
      for (Column& column : table.columns) column.nullable |= column.name == name;
      table.notes.push_back("column " + name + ": NOT NULL, not valid");
    }
    const bool by_server = text(row[1]).find("_not_null") != std::string::npos;
    if (!by_server) {
      table.notes.push_back("column " + name + ": the name " + text(row[1]) + " of its NOT NULL");
    }
  }

  static void check(Table& table, const Row& row) {
    if (!is_true(row[14])) {
      table.notes.push_back("check " + text(row[1]) + ": " + text(row[13]) + ", not enforced");
      return;
    }
    if (is_true(row[16])) table.notes.push_back("check " + text(row[1]) + ": NO INHERIT");
    table.checks.push_back({.name = text(row[1]),
                            .expression = {text(row[13]), kFlavour},
                            .validated = is_true(row[12])});
  }

  static void foreign_key(Table& table, const Row& row) {
    if (!is_true(row[14]) || is_true(row[15])) {
      table.notes.push_back("foreign key " + text(row[1]) +
                            (is_true(row[15]) ? ": over a PERIOD" : ": not enforced"));
      return;
    }
    const std::string set_columns = row[17] ? " (" + *row[17] + ")" : "";
    table.foreign_keys.push_back({.name = text(row[1]),
                                  .columns = names_in(row[3]),
                                  .to = {text(row[4]), text(row[5])},
                                  .to_columns = names_in(row[6]),
                                  .on_update = action(text(row[7])),
                                  .on_delete = action(text(row[8])) + set_columns,
                                  .deferral = deferral(is_true(row[9]), is_true(row[10])),
                                  .match_full = text(row[11]) == "f",
                                  .validated = is_true(row[12])});
  }

  void user_types() {
    std::set<std::string> used;
    for (const auto& [oid, table] : tables_) {
      for (const Column& column : table.columns) used.insert(parse_native(column.native).base);
    }
    for (const Row& row : session_.query(sql_text::enums)) {
      const TableName name{text(row[0]), text(row[1])};
      if (used.count(spelled(name)) == 0) continue;
      if (schema_.types.empty() || schema_.types.back().name != name) {
        schema_.types.push_back({.name = name, .labels = {}});
      }
      schema_.types.back().labels.push_back(text(row[2]));
    }
    for (const Row& row : query(sql_text::types)) {
      schema_.types.push_back(
          {.name = {text(row[0]), text(row[1])}, .labels = {}, .definition = text(row[2])});
    }
  }

  // As format_type() spells it under an empty search_path.
  std::string spelled(const TableName& name) {
    const std::string schema = quoted_if_needed(name.schema);
    return schema + "." + quoted_if_needed(name.table);
  }

  static std::string quoted_if_needed(const std::string& name) {
    const bool plain =
        !name.empty() &&
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos &&
        (name[0] < '0' || name[0] > '9');
    return plain ? name : quote(name);
  }

  void others() {
    for (const Row& row : query(sql_text::others)) schema_.others.push_back(text(row[0]));
  }

  Session& session_;
  const std::function<bool(const TableName&)>& wanted_;
  Schema schema_;
  std::map<std::string, Table> tables_;  // by oid
  std::string oids_;
};

class PostgresCatalog final : public Catalog {
 public:
  PostgresCatalog(const Url& url, const EndOptions& options, const std::string& snapshot)
      : session_(url, options) {
    if (!snapshot.empty()) import_snapshot(session_.connection(), snapshot);
  }

  Schema describe(const std::function<bool(const TableName&)>& wanted) override {
    return Describer(session_, wanted).schema();
  }
  void execute(std::string_view sql) override { session_.execute(sql); }
  std::vector<std::vector<std::optional<std::string>>> query(std::string_view sql) override {
    return session_.query(sql);
  }

 private:
  Session session_;
};

}  // namespace

std::unique_ptr<Catalog> open_catalog(const Url& url, const EndOptions& options,
                                      const std::string& snapshot) {
  return std::make_unique<PostgresCatalog>(url, options, snapshot);
}

}  // namespace rowferry::postgres
