#include "workflow/translate.h"

#include <algorithm>
#include <cctype>

#include "core/fingerprint.h"
#include "core/utf8.h"
#include "engine/sql/ddl.h"
#include "engine/sql/expression.h"

namespace rowferry {

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Cuts UTF-8 text to at most `bytes`, not within a character.
std::string cut_text(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  text.resize(bytes);
  return text;
}

// As the target counts it.
std::size_t length_of(const std::string& name, const DdlRules& rules) {
  return rules.name_in_characters ? count_characters(name) : name.size();
}

// One table on its way; each method carries one kind of thing over or says why not.
class Translator {
 public:
  Translator(const Table& from, const TableName& name, const Dialect& source, const Dialect& target,
             const std::function<TableName(const TableName&)>& name_of,
             const std::vector<ColumnWish>& wishes, NameSet& names)
      : from_(from),
        source_(source),
        target_(target),
        rules_(target.rules()),
        same_(source.facts().flavour == target.facts().flavour),
        name_of_(name_of),
        wishes_(wishes),
        names_(names) {
    to().name = name;
  }

  Translation translation() {
    check_names();
    to().rows = from_.rows;
    to().bytes = from_.bytes;
    if (same_ && !from_.partitioned) to().options = from_.options;
    for (const std::string& note : from_.notes) lose("table.note", note);
    if (!same_) {
      for (const std::string& note : from_.own_notes) lose("table.note", note);
    }
    to().columns.reserve(from_.columns.size());
    for (std::size_t i = 0; i < from_.columns.size(); ++i) {
      add_column(from_.columns[i], wishes_.empty() ? ColumnWish{} : wishes_[i]);
    }
    add_primary_key();
    for (const Index& index : from_.indexes) add_index(index);
    for (const Check& check : from_.checks) add_check(check);
    for (const ForeignKey& key : from_.foreign_keys) add_foreign_key(key);
    add_comments();
    for (Loss& loss : target_.fit(to(), source_.facts())) {
      result_.not_carried.push_back(std::move(loss));
    }
    return std::move(result_);
  }

 private:
  Table& to() { return result_.table; }
  void lose(const char* code, std::string what) {
    result_.not_carried.push_back({code, std::move(what)});
  }
  void refuse(const char* code, const std::string& message, const std::string& hint) {
    result_.errors.push_back(
        Error(ErrorKind::schema, code, message).at("table " + to_string(from_.name)).hint(hint));
  }

  void check_names() {
    check_length("the table's name", to().name.table, "give it a shorter name with --map");
    for (const Column& column : from_.columns) {
      check_length("the column name", column.name, "leave the column out with --columns");
    }
    if (rules_.columns > 0 && from_.columns.size() > rules_.columns) {
      refuse("name.columns",
             "has " + std::to_string(from_.columns.size()) + " columns, the target holds " +
                 std::to_string(rules_.columns),
             "leave columns out with --columns");
    }
    check_case();
  }

  void check_length(const char* what, const std::string& name, const char* hint) {
    if (rules_.name_bytes == 0 || length_of(name, rules_) <= rules_.name_bytes) return;
    refuse("name.too_long",
           std::string(what) + " '" + name + "' is longer than the " +
               std::to_string(rules_.name_bytes) +
               (rules_.name_in_characters ? " characters" : " bytes") + " that the target allows",
           hint);
  }

  void check_case() {
    std::set<std::string> seen;
    for (const Column& column : from_.columns) {
      if (seen.insert(rules_.folds_case ? lower(column.name) : column.name).second) continue;
      refuse("name.case",
             "the column name '" + column.name +
                 "' is another column's name but for upper and lower case, which the target does"
                 " not tell apart",
             "leave one of them out with --columns");
    }
  }

  void add_column(const Column& column, const ColumnWish& wish) {
    Column made = column;
    try {
      NativeType native = native_of(column, wish);
      if (!native.loss.empty()) lose("type.loses", "column " + column.name + ": " + native.loss);
      made.native = std::move(native.text);
      if (!same_ || made.native != column.native) made.type = target_.to_type(made.native);
      if (made.native != column.native) made.normalises = false;
      if (wish.decision.labels == ColumnDecision::Enum::check) check_labels(column, wish.labels);
    } catch (const Error& error) {
      refuse(error.code().c_str(), "column " + column.name + ": " + error.message(), error.hint());
      return;
    }
    if (made.type.kind != Kind::text) made.collation.clear();
    allow_null(wish.decision, made);
    carry_default(column, made);
    if (!same_ && !column.on_update.empty()) {
      lose("column.on_update", "column " + column.name + ": ON UPDATE " + column.on_update);
      made.on_update.clear();
    }
    carry_generated(column, made);
    carry_identity(column, made);
    if (!same_ && !column.collation.empty()) {
      lose("column.collation", "column " + column.name + ": collation " + column.collation);
      made.collation.clear();
    }
    to().columns.push_back(std::move(made));
  }

  // By the user's rules first, then as the target holds such columns.
  NativeType native_of(const Column& column, const ColumnWish& wish) {
    const ColumnDecision& decision = wish.decision;
    if (!decision.type.empty()) return {target_.spelled(decision.type), ""};
    Column neutral = column;
    if (decision.amendment.as_bytes) neutral.type = {.kind = Kind::bytes};
    const bool labelled = !wish.labels.empty() && decision.labels != ColumnDecision::Enum::text;
    if (labelled && decision.labels == ColumnDecision::Enum::own) return own_enum(column, wish);
    if (labelled) neutral.type = {.kind = Kind::text};
    if (labelled || decision.amendment.as_bytes) return target_.to_native(neutral, ServerFacts{});
    NativeType native = target_.to_native(column, source_.facts());
    if (!same_ && column.rendered) {
      lose("type.loses", "column " + column.name + ": " + column.native + " becomes text");
    }
    return native;
  }

  NativeType own_enum(const Column& column, const ColumnWish& wish) {
    const std::string text = target_.enum_of(wish.labels);
    if (!text.empty()) return {text, ""};
    if (!rules_.user_types) {
      throw Error(ErrorKind::schema, "rule.enum", "the target has no enum types")
          .hint("use the decision check: it allows the same labels only");
    }
    const TableName name{to().name.schema, to().name.table + "_" + column.name};
    result_.types.push_back({.name = name, .labels = wish.labels});
    return {sql::table_name(target_, name), ""};
  }

  void check_labels(const Column& column, const std::vector<std::string>& labels) {
    if (labels.empty()) return;
    std::vector<std::string> literals;
    for (const std::string& label : labels) literals.push_back(target_.literal(label));
    const std::string text =
        target_.quote(column.name) + " IN (" + sql::joined(literals, ", ") + ")";
    Check check{.name = to().name.table + "_" + column.name + "_check",
                .expression = {text, target_.facts().flavour}};
    if (!rules_.checks) {
      lose("check.left_out",
           "column " + column.name + ": any label is allowed, as the target keeps no checks");
      return;
    }
    check.name = constraint_name(check.name, "check", rules_.check_names_by_schema);
    to().checks.push_back(std::move(check));
  }

  void allow_null(const ColumnDecision& decision, Column& made) {
    if (!decision.amendment.zero_date_null || made.nullable || in_primary_key(made.name)) return;
    lose("column.nullable",
         "column " + made.name + ": NOT NULL, as dates that no calendar has become NULL");
    made.nullable = true;
  }

  bool in_primary_key(const std::string& column) const {
    if (!from_.primary_key) return false;
    const auto& parts = from_.primary_key->parts;
    return std::any_of(parts.begin(), parts.end(),
                       [&](const IndexPart& part) { return part.column == column; });
  }

  void carry_default(const Column& column, Column& made) {
    if (!column.default_value || (same_ && made.native == column.native)) return;
    const auto text = sql::portable_default(*column.default_value, made.type, target_);
    if (text) {
      made.default_value = Expression{*text, target_.facts().flavour};
    } else {
      lose("column.default", "column " + column.name + ": default " + column.default_value->text);
      made.default_value.reset();
    }
  }

  // Across engines a generated column stays one only where computing it anew must give the same
  // value; else the values themselves travel.
  void carry_generated(const Column& column, Column& made) {
    if (!column.generated) return;
    if (!same_) {
      const Expression& expression = column.generated->expression;
      const auto text = target_.translate(expression);
      const bool nested = !rules_.generated_of_generated && sql::names_any(expression, generated());
      if (!text || nested || !sql::exact_arithmetic(expression, from_)) {
        lose("column.generated", "column " + column.name + ": generated as " +
                                     column.generated->expression.text + "; its values are copied");
        made.generated.reset();
        return;
      }
      made.generated->expression = Expression{*text, target_.facts().flavour};
    }
    if (!made.generated->stored && !rules_.virtual_generated) {
      lose("column.generated", "column " + column.name + ": virtual becomes stored");
      made.generated->stored = true;
    }
  }

  std::set<std::string> generated() const {
    std::set<std::string> names;
    for (const Column& column : from_.columns) {
      if (column.generated) names.insert(column.name);
    }
    return names;
  }

  void carry_identity(const Column& column, Column& made) {
    if (!column.identity) return;
    const bool is_key = from_.primary_key && from_.primary_key->parts.size() == 1 &&
                        from_.primary_key->parts[0].column == column.name;
    if (rules_.identity_needs_key && !is_key && !same_) {
      lose("column.identity", "column " + column.name + ": numbering by the server (identity)");
      made.identity.reset();
      return;
    }
    const Kind kind = made.type.kind;
    const bool whole = kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64;
    if (!same_ && !whole && kind != Kind::dynamic) {
      lose("column.identity",
           "column " + column.name + ": numbering by the server (identity), being " + made.native);
      made.identity.reset();
      return;
    }
    Identity& identity = *made.identity;
    if (!same_ && !rules_.sequences) name_options(column.name, identity);
    if (identity.how != Identity::How::owned) return;
    if (!rules_.sequences || !same_) {
      identity.how = Identity::How::by_default;
      return;
    }
    identity.sequence.name.schema = to().name.schema;
  }

  bool has_column(const std::string& name) { return find_column(to(), name) != nullptr; }

  bool has_columns(const std::vector<std::string>& columns) {
    return std::all_of(columns.begin(), columns.end(),
                       [&](const std::string& name) { return has_column(name); });
  }

  // What a server that just counts up does not know.
  void name_options(const std::string& column, const Identity& identity) {
    const Sequence& sequence = identity.sequence;
    if (sequence.increment != 1) {
      lose("column.identity",
           "column " + column + ": counting by " + std::to_string(sequence.increment));
    }
    if (sequence.cycles)
      lose("column.identity", "column " + column + ": counting from the start again (CYCLE)");
    if (identity.how == Identity::How::always) {
      lose("column.identity",
           "column " + column + ": numbers of its own refused (GENERATED ALWAYS)");
    }
  }

  void add_primary_key() {
    if (!from_.primary_key) return;
    Index key = *from_.primary_key;
    const bool whole = std::all_of(key.parts.begin(), key.parts.end(),
                                   [&](const IndexPart& part) { return has_column(part.column); });
    if (!whole) {
      lose("primary_key.changed", "primary key: a column of it is left out");
      return;
    }
    if (!same_) {
      for (const IndexPart& part : key.parts) {
        if (part.operator_class.starts_with("(")) {
          lose("primary_key.changed",
               "primary key: over the beginning of " + part.column + " only; it takes it whole");
        }
      }
      plain_parts(key);
      key.method.clear();
    }
    if (!rules_.primary_key_inline) {
      key.name =
          names_.take(to().name.schema, key.name.empty() ? to().name.table + "_pkey" : key.name);
      // Only a primary key makes its columns NOT NULL here, where a target insists on it first.
      for (Column& column : to().columns) {
        for (const IndexPart& part : key.parts) {
          if (part.column == column.name) column.nullable = false;
        }
      }
    }
    to().primary_key = std::move(key);
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
      name = to().name.table;
      for (const IndexPart& part : index.parts) name += "_" + part.column;
      name += index.unique ? "_key" : "_idx";
    }
    return names_.take(rules_.index_names_by_schema ? to().name.schema
                                                    : to().name.schema + '\x1f' + to().name.table,
                       name);
  }

  void add_index(const Index& index) {
    const std::string what = "index " + index.name;
    Index made = index;
    if (const std::string why = why_not(made); !why.empty()) {
      lose("index.left_out", what + ": " + why);
      return;
    }
    if (rules_.indexes_need_plain) {
      if (!made.included.empty()) lose("index.changed", what + ": INCLUDE columns");
      if (!made.nulls_distinct) lose("index.changed", what + ": NULLS NOT DISTINCT");
      made.included.clear();
      made.nulls_distinct = true;
      for (IndexPart& part : made.parts) part.nulls_first.reset();
    }
    if (!same_ && !made.comment.empty())
      lose("comment.left_out", what + ": comment '" + made.comment + "'");
    if (!same_ && !made.deferral.empty()) {
      lose("index.changed", what + ": " + made.deferral);
      made.deferral.clear();
    }
    made.name = index_name(index);
    to().indexes.push_back(std::move(made));
  }

  // Why the index cannot be at the target; "" when it can, and then it is in the target's words.
  std::string why_not(Index& index) {
    if (!index.method.empty() && !(same_ && rules_.index_methods)) {
      return "access method " + index.method;
    }
    for (IndexPart& part : index.parts) {
      if (!part.column.empty() && !has_column(part.column)) return "a column of it is left out";
      if (part.column.empty() && !rules_.expression_indexes) {
        return "expression " + part.expression->text;
      }
      if (same_) continue;
      if (!part.collation.empty()) return "collation " + part.collation;
      if (part.operator_class.starts_with("(")) return "only the beginning of " + part.column;
      if (!part.operator_class.empty()) return "operator class " + part.operator_class;
      if (part.column.empty() && !carry(*part.expression)) {
        return "expression " + part.expression->text;
      }
    }
    if (!has_columns(index.included)) return "a column of it is left out";
    if (index.predicate && !rules_.partial_indexes) return "condition " + index.predicate->text;
    if (index.predicate && !same_ && !carry(*index.predicate)) {
      return "condition " + index.predicate->text;
    }
    return "";
  }

  bool carry(Expression& expression) {
    const auto text = target_.translate(expression);
    if (text) expression = {*text, target_.facts().flavour};
    return text.has_value();
  }

  void add_check(const Check& check) {
    Check made = check;
    if (!rules_.checks) {
      lose("check.left_out",
           "check " + check.name + ": " + check.expression.text + "; the target keeps none");
      return;
    }
    if (!same_ && !check.validated) {
      lose("check.left_out",
           "check " + check.name + ": " + check.expression.text + ", of new rows only");
      return;
    }
    if (!same_ && !carry(made.expression)) {
      lose("check.left_out", "check " + check.name + ": " + check.expression.text);
      return;
    }
    const bool named = !check.name.empty() && rules_.check_names_by_schema;
    if (!rules_.checks_inline || named) {
      made.name = constraint_name(check.name, "check", rules_.check_names_by_schema);
    }
    to().checks.push_back(std::move(made));
  }

  // Unique among those of its kind in the schema, or among the table's.
  std::string constraint_name(const std::string& name, const char* kind, bool by_schema) {
    const std::string wanted = name.empty() ? to().name.table + "_" + kind : name;
    const std::string& schema = to().name.schema;
    return names_.take(schema + '\x1f' + (by_schema ? kind : to().name.table), wanted);
  }

  void add_foreign_key(const ForeignKey& key) {
    const std::string what = "foreign key " + key.name + " to " + to_string(key.to);
    ForeignKey made = key;
    made.to = name_of_(key.to);
    if (made.to.table.empty()) {
      lose("foreign_key.leaves", what + ": that table is not part of the copy");
      return;
    }
    if (!has_columns(key.columns)) {
      lose("foreign_key.left_out", what + ": a column of it is left out");
      return;
    }
    if (rules_.foreign_keys_plain) make_plain(what, made);
    if (!rules_.foreign_keys_inline) {
      made.name = constraint_name(key.name, "fkey", rules_.foreign_key_names_by_schema);
    }
    to().foreign_keys.push_back(std::move(made));
  }

  void make_plain(const std::string& what, ForeignKey& key) {
    if (!key.deferral.empty()) lose("foreign_key.changed", what + ": " + key.deferral);
    if (key.match_full && key.columns.size() > 1)
      lose("foreign_key.changed", what + ": MATCH FULL");
    key.deferral.clear();
    key.match_full = false;
    for (std::string* action : {&key.on_update, &key.on_delete}) {
      if (*action != "SET DEFAULT") continue;
      lose("foreign_key.changed", what + ": SET DEFAULT");
      action->clear();
    }
  }

  void add_comments() {
    to().comment = from_.comment;
    if (rules_.comments) return;
    bool any = !from_.comment.empty();
    for (Column& column : to().columns) {
      any = any || !column.comment.empty();
      column.comment.clear();
    }
    to().comment.clear();
    if (any) lose("comment.left_out", "comments");
  }

  const Table& from_;
  const Dialect& source_;
  const Dialect& target_;
  const DdlRules& rules_;
  const bool same_;
  const std::function<TableName(const TableName&)>& name_of_;
  const std::vector<ColumnWish>& wishes_;
  NameSet& names_;
  Translation result_;
};

}  // namespace

std::string NameSet::folded(const std::string& schema, const std::string& name) const {
  const std::string full = schema + '\x1f' + name;
  return rules_.folds_case ? lower(full) : full;
}

std::string NameSet::take(const std::string& schema, const std::string& wanted) {
  std::string name = wanted;
  if (rules_.name_bytes > 0 && length_of(name, rules_) > rules_.name_bytes) {
    name = cut_text(name, rules_.name_bytes - 9) + "_" + fingerprint(wanted).substr(0, 8);
  }
  const bool roomy = rules_.name_bytes == 0 || length_of(name, rules_) + 5 <= rules_.name_bytes;
  const std::string stem = roomy ? name : cut_text(name, rules_.name_bytes - 5);
  for (int suffix = 1; !taken_.insert(folded(schema, name)).second; ++suffix) {
    name = stem + "_" + std::to_string(suffix);
  }
  return name;
}

Translation translate(const Table& table, const TableName& name, const Dialect& source,
                      const Dialect& target,
                      const std::function<TableName(const TableName&)>& name_of,
                      const std::vector<ColumnWish>& wishes, NameSet& names) {
  return Translator(table, name, source, target, name_of, wishes, names).translation();
}

}  // namespace rowferry
