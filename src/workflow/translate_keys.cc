#include "workflow/translate_keys.h"

#include <algorithm>

#include "engine/sql/expression.h"

namespace rowferry {

namespace {

// Each method carries one kind of key or constraint over or says why not.
class KeyCarrier {
 public:
  KeyCarrier(Crossing& crossing, const std::function<TableName(const TableName&)>& name_of)
      : crossing_(crossing), name_of_(name_of) {}

  void run() {
    add_primary_key();
    for (const Index& index : crossing_.from.indexes) add_index(index);
    for (const Check& check : crossing_.from.checks) add_check(check);
    for (const ForeignKey& key : crossing_.from.foreign_keys) add_foreign_key(key);
  }

 private:
  bool has_column(const std::string& name) { return find_column(crossing_.to(), name) != nullptr; }

  bool has_columns(const std::vector<std::string>& columns) {
    return std::all_of(columns.begin(), columns.end(),
                       [&](const std::string& name) { return has_column(name); });
  }

  void add_primary_key() {
    if (!crossing_.from.primary_key) return;
    Index key = *crossing_.from.primary_key;
    const bool whole = std::all_of(key.parts.begin(), key.parts.end(),
                                   [&](const IndexPart& part) { return has_column(part.column); });
    if (!whole) {
      crossing_.lose("primary_key.changed", "primary key: a column of it is left out");
      return;
    }
    if (!crossing_.same) {
      for (const IndexPart& part : key.parts) {
        if (part.operator_class.starts_with("(")) {
          crossing_.lose("primary_key.changed", "primary key: over the beginning of " +
                                                    part.column + " only; it takes it whole");
        }
      }
      plain_parts(key);
      key.method.clear();
    }
    if (!crossing_.rules.primary_key_inline) {
      key.name =
          crossing_.names.take(crossing_.to().name.schema,
                               key.name.empty() ? crossing_.to().name.table + "_pkey" : key.name);
      // Only a primary key makes its columns NOT NULL here, where a target insists on it first.
      for (Column& column : crossing_.to().columns) {
        for (const IndexPart& part : key.parts) {
          if (part.column == column.name) column.nullable = false;
        }
      }
    }
    crossing_.to().primary_key = std::move(key);
  }

  static void plain_parts(Index& index) {
    for (IndexPart& part : index.parts) {
      part.collation.clear();
      part.operator_class.clear();
      part.nulls_first.reset();
    }
  }

  std::string index_name(const Index& index) {
    std::string name = index.name;
    if (name.empty()) {
      name = crossing_.to().name.table;
      for (const IndexPart& part : index.parts) name += "_" + part.column;
      name += index.unique ? "_key" : "_idx";
    }
    return crossing_.names.take(
        crossing_.rules.index_names_by_schema
            ? crossing_.to().name.schema
            : crossing_.to().name.schema + '\x1f' + crossing_.to().name.table,
        name);
  }

  void add_index(const Index& index) {
    const std::string what = "index " + index.name;
    Index made = index;
    if (const std::string why = why_not(made); !why.empty()) {
      crossing_.lose("index.left_out", what + ": " + why);
      return;
    }
    if (crossing_.rules.indexes_need_plain) {
      if (!made.included.empty()) crossing_.lose("index.changed", what + ": INCLUDE columns");
      if (!made.nulls_distinct) crossing_.lose("index.changed", what + ": NULLS NOT DISTINCT");
      made.included.clear();
      made.nulls_distinct = true;
      for (IndexPart& part : made.parts) part.nulls_first.reset();
    }
    if (!crossing_.same && !made.comment.empty())
      crossing_.lose("comment.left_out", what + ": comment '" + made.comment + "'");
    if (!crossing_.same && !made.deferral.empty()) {
      crossing_.lose("index.changed", what + ": " + made.deferral);
      made.deferral.clear();
    }
    made.name = index_name(index);
    crossing_.to().indexes.push_back(std::move(made));
  }

  // Why the index cannot be at the target; "" when it can, and then it is in the target's words.
  std::string why_not(Index& index) {
    if (!index.method.empty() && !(crossing_.same && crossing_.rules.index_methods)) {
      return "access method " + index.method;
    }
    for (IndexPart& part : index.parts) {
      if (!part.column.empty() && !has_column(part.column)) return "a column of it is left out";
      if (part.column.empty() && !crossing_.rules.expression_indexes) {
        return "expression " + part.expression->text;
      }
      if (crossing_.same) continue;
      if (!part.collation.empty()) return "collation " + part.collation;
      if (part.operator_class.starts_with("(")) return "only the beginning of " + part.column;
      if (!part.operator_class.empty()) return "operator class " + part.operator_class;
      if (part.column.empty() && !carry(*part.expression)) {
        return "expression " + part.expression->text;
      }
    }
    if (!has_columns(index.included)) return "a column of it is left out";
    if (index.predicate && !crossing_.rules.partial_indexes)
      return "condition " + index.predicate->text;
    if (index.predicate && !crossing_.same && !carry(*index.predicate)) {
      return "condition " + index.predicate->text;
    }
    return "";
  }

  bool carry(Expression& expression) {
    const auto text = crossing_.target.translate(expression);
    if (text) expression = {*text, crossing_.target.facts().flavour};
    return text.has_value();
  }

  void add_check(const Check& check) {
    Check made = check;
    if (!crossing_.rules.checks) {
      crossing_.lose("check.left_out", "check " + check.name + ": " + check.expression.text +
                                           "; the target keeps none");
      return;
    }
    if (!crossing_.same && !check.validated) {
      crossing_.lose("check.left_out",
                     "check " + check.name + ": " + check.expression.text + ", of new rows only");
      return;
    }
    if (!crossing_.same && sql::compares_by_collation(check.expression, crossing_.from,
                                                      crossing_.source.rules().folds_texts)) {
      crossing_.lose("check.left_out", "check " + check.name + ": " + check.expression.text +
                                           ", which compares texts as the source's collation does");
      return;
    }
    if (crossing_.stricter() && !sql::gives_truth(check.expression)) {
      crossing_.lose("check.left_out", "check " + check.name + ": " + check.expression.text +
                                           ", a number that is taken for true or false");
      return;
    }
    if (!crossing_.same && !carry(made.expression)) {
      crossing_.lose("check.left_out", "check " + check.name + ": " + check.expression.text);
      return;
    }
    made.expression = crossing_.widened(made.expression);
    const bool named = !check.name.empty() && crossing_.rules.check_names_by_schema;
    if (!crossing_.rules.checks_inline || named) {
      made.name =
          crossing_.constraint_name(check.name, "check", crossing_.rules.check_names_by_schema);
    }
    crossing_.to().checks.push_back(std::move(made));
  }

  void add_foreign_key(const ForeignKey& key) {
    const std::string what = "foreign key " + key.name + " to " + to_string(key.to);
    ForeignKey made = key;
    made.to = name_of_(key.to);
    if (made.to.table.empty()) {
      crossing_.lose("foreign_key.leaves", what + ": that table is not part of the copy");
      return;
    }
    if (!has_columns(key.columns)) {
      crossing_.lose("foreign_key.left_out", what + ": a column of it is left out");
      return;
    }
    set_all_columns(what, made);
    if (crossing_.rules.foreign_keys_plain) make_plain(what, made);
    if (!crossing_.rules.foreign_keys_inline) {
      made.name =
          crossing_.constraint_name(key.name, "fkey", crossing_.rules.foreign_key_names_by_schema);
    }
    crossing_.to().foreign_keys.push_back(std::move(made));
  }

  // "SET NULL (b)" is known to one kind of server only.
  void set_all_columns(const std::string& what, ForeignKey& key) {
    const std::size_t list = key.on_delete.find(" (");
    if (crossing_.same || list == std::string::npos) return;
    crossing_.lose("foreign_key.changed",
                   what + ": ON DELETE " + key.on_delete + " sets all its columns");
    key.on_delete.resize(list);
  }

  void make_plain(const std::string& what, ForeignKey& key) {
    if (!key.deferral.empty()) crossing_.lose("foreign_key.changed", what + ": " + key.deferral);
    if (key.match_full && key.columns.size() > 1)
      crossing_.lose("foreign_key.changed", what + ": MATCH FULL");
    key.deferral.clear();
    key.match_full = false;
    for (std::string* action : {&key.on_update, &key.on_delete}) {
      if (*action != "SET DEFAULT") continue;
      crossing_.lose("foreign_key.changed", what + ": SET DEFAULT");
      action->clear();
    }
  }

  Crossing& crossing_;
  const std::function<TableName(const TableName&)>& name_of_;
};

}  // namespace

void carry_keys(Crossing& crossing, const std::function<TableName(const TableName&)>& name_of) {
  KeyCarrier(crossing, name_of).run();
}

}  // namespace rowferry
