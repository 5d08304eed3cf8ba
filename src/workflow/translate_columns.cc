#include "workflow/translate_columns.h"

#include <algorithm>
#include <set>

#include "engine/sql/ddl.h"
#include "engine/sql/expression.h"

namespace rowferry {

namespace {

// Each method carries one property of the column over or says why not.
class ColumnCarrier {
 public:
  explicit ColumnCarrier(Crossing& crossing) : crossing_(crossing) {}

  void add_column(const Column& column, const ColumnWish& wish) {
    Column made = column;
    try {
      NativeType native = native_of(column, wish);
      if (!native.loss.empty())
        crossing_.lose("type.loses", "column " + column.name + ": " + native.loss);
      made.native = std::move(native.text);
      if (!crossing_.same || made.native != column.native)
        made.type = crossing_.target.to_type(made.native);
      if (made.native != column.native) made.normalises = false;
      if (wish.decision.labels == ColumnDecision::Enum::check) check_labels(column, wish.labels);
    } catch (const Error& error) {
      crossing_.refuse(error.code().c_str(), "column " + column.name + ": " + error.message(),
                       error.hint());
      return;
    }
    if (made.type.kind != Kind::text) made.collation.clear();
    allow_null(wish.decision, made);
    carry_default(column, wish.decision, made);
    if (!crossing_.same && !column.on_update.empty()) {
      crossing_.lose("column.on_update",
                     "column " + column.name + ": ON UPDATE " + column.on_update);
      made.on_update.clear();
    }
    carry_generated(column, made);
    carry_identity(column, made);
    if (!crossing_.same && !column.collation.empty()) {
      crossing_.lose("column.collation",
                     "column " + column.name + ": collation " + column.collation);
      made.collation.clear();
    }
    crossing_.to().columns.push_back(std::move(made));
  }

 private:
  // By the user's rules first, then as the target holds such columns.
  NativeType native_of(const Column& column, const ColumnWish& wish) {
    const ColumnDecision& decision = wish.decision;
    if (!decision.type.empty()) return {crossing_.target.spelled(decision.type), ""};
    Column neutral = column;
    if (decision.amendment.as_bytes) neutral.type = {.kind = Kind::bytes};
    const bool labelled = !wish.labels.empty() && decision.labels != ColumnDecision::Enum::text;
    if (labelled && decision.labels == ColumnDecision::Enum::own) return own_enum(column, wish);
    if (labelled) neutral.type = {.kind = Kind::text};
    if (labelled || decision.amendment.as_bytes)
      return crossing_.target.to_native(neutral, ServerFacts{});
    NativeType native = crossing_.target.to_native(column, crossing_.source.facts());
    if (!crossing_.same && column.rendered) {
      crossing_.lose("type.loses",
                     "column " + column.name + ": " + column.native + " becomes text");
    }
    return native;
  }

  NativeType own_enum(const Column& column, const ColumnWish& wish) {
    const std::string text = crossing_.target.enum_of(wish.labels);
    if (!text.empty()) return {text, ""};
    if (!crossing_.rules.user_types) {
      throw Error(ErrorKind::schema, "rule.enum", "the target has no enum types")
          .hint("use the decision check: it allows the same labels only");
    }
    const TableName name{crossing_.to().name.schema, crossing_.to().name.table + "_" + column.name};
    crossing_.result.types.push_back({.name = name, .labels = wish.labels});
    return {sql::table_name(crossing_.target, name), ""};
  }

  void check_labels(const Column& column, const std::vector<std::string>& labels) {
    if (labels.empty()) return;
    std::vector<std::string> literals;
    literals.reserve(labels.size());
    for (const std::string& label : labels) literals.push_back(crossing_.target.literal(label));
    const std::string text =
        crossing_.target.quote(column.name) + " IN (" + sql::joined(literals, ", ") + ")";
    Check check{.name = crossing_.to().name.table + "_" + column.name + "_check",
                .expression = {text, crossing_.target.facts().flavour}};
    if (!crossing_.rules.checks) {
      crossing_.lose("check.left_out", "column " + column.name +
                                           ": any label is allowed, as the target keeps no checks");
      return;
    }
    check.name =
        crossing_.constraint_name(check.name, "check", crossing_.rules.check_names_by_schema);
    crossing_.to().checks.push_back(std::move(check));
  }

  void allow_null(const ColumnDecision& decision, Column& made) {
    if (!decision.amendment.zero_date_null || made.nullable || in_primary_key(made.name)) return;
    crossing_.lose("column.nullable",
                   "column " + made.name + ": NOT NULL, as dates that no calendar has become NULL");
    made.nullable = true;
  }

  bool in_primary_key(const std::string& column) const {
    if (!crossing_.from.primary_key) return false;
    const auto& parts = crossing_.from.primary_key->parts;
    return std::any_of(parts.begin(), parts.end(),
                       [&](const IndexPart& part) { return part.column == column; });
  }

  void carry_default(const Column& column, const ColumnDecision& decision, Column& made) {
    if (!column.default_value || (crossing_.same && made.native == column.native)) return;
    if (crossing_.same && decision.labels == ColumnDecision::Enum::own) {
      made.default_value = sql::without_casts(*column.default_value);
      return;
    }
    const auto text = sql::portable_default(*column.default_value, column.type, made.type,
                                            crossing_.source, crossing_.target);
    if (text) {
      made.default_value = Expression{*text, crossing_.target.facts().flavour};
    } else {
      crossing_.lose("column.default",
                     "column " + column.name + ": default " + column.default_value->text);
      made.default_value.reset();
    }
  }

  // Across engines a generated column stays one only where computing it anew must give the same
  // value; else the values themselves travel.
  void carry_generated(const Column& column, Column& made) {
    if (!column.generated) return;
    if (!crossing_.same) {
      const Expression& expression = column.generated->expression;
      const auto text = crossing_.target.translate(expression);
      const bool nested =
          !crossing_.rules.generated_of_generated && sql::names_any(expression, generated());
      if (!text || nested || !holds_what_is_computed(column) ||
          (crossing_.stricter() && sql::gives_truth(expression)) ||
          !sql::exact_arithmetic(expression, crossing_.from)) {
        crossing_.lose("column.generated", "column " + column.name + ": generated as " +
                                               column.generated->expression.text +
                                               "; its values are copied");
        made.generated.reset();
        return;
      }
      made.generated->expression =
          crossing_.widened({.text = *text, .flavour = crossing_.target.facts().flavour});
    }
    if (!made.generated->stored && !crossing_.rules.virtual_generated) {
      crossing_.lose("column.generated", "column " + column.name + ": virtual becomes stored");
      made.generated->stored = true;
    }
  }

  // Whether the column's own type changes nothing of what the expression gives: CHAR pads and
  // trims, a length cuts spaces, real and numeric round, and some servers cut whatever does not
  // fit.
  bool holds_what_is_computed(const Column& column) const {
    const Type& type = column.type;
    const bool cuts = crossing_.source.rules().cuts_values;
    const bool whole =
        type.kind == Kind::int16 || type.kind == Kind::int32 || type.kind == Kind::int64;
    if (whole) return !cuts || column.native == "bigint";
    const bool padded = type.fixed || column.native.starts_with("char(");
    const bool limited = type.length > 0 && (cuts || crossing_.rules.values_checked);
    return type.kind == Kind::text && !padded && !limited;
  }

  std::set<std::string> generated() const {
    std::set<std::string> names;
    for (const Column& column : crossing_.from.columns) {
      if (column.generated) names.insert(column.name);
    }
    return names;
  }

  void carry_identity(const Column& column, Column& made) {
    if (!column.identity) return;
    const bool is_key = crossing_.from.primary_key &&
                        crossing_.from.primary_key->parts.size() == 1 &&
                        crossing_.from.primary_key->parts[0].column == column.name;
    if (crossing_.rules.identity_needs_key && !is_key && !crossing_.same) {
      crossing_.lose("column.identity",
                     "column " + column.name + ": numbering by the server (identity)");
      made.identity.reset();
      return;
    }
    const Kind kind = made.type.kind;
    const bool whole = kind == Kind::int16 || kind == Kind::int32 || kind == Kind::int64;
    if (!crossing_.same && !whole && kind != Kind::dynamic) {
      crossing_.lose(
          "column.identity",
          "column " + column.name + ": numbering by the server (identity), being " + made.native);
      made.identity.reset();
      return;
    }
    Identity& identity = *made.identity;
    if (!crossing_.same && !crossing_.rules.sequences) name_options(column.name, identity);
    if (identity.how != Identity::How::owned) return;
    if (!crossing_.rules.sequences || !crossing_.same) {
      identity.how = Identity::How::by_default;
      return;
    }
    identity.sequence.name.schema = crossing_.to().name.schema;
  }

  // What a server that just counts up does not know.
  void name_options(const std::string& column, const Identity& identity) {
    const Sequence& sequence = identity.sequence;
    if (sequence.increment != 1) {
      crossing_.lose("column.identity",
                     "column " + column + ": counting by " + std::to_string(sequence.increment));
    }
    if (sequence.cycles)
      crossing_.lose("column.identity",
                     "column " + column + ": counting from the start again (CYCLE)");
    if (identity.how == Identity::How::always) {
      crossing_.lose("column.identity",
                     "column " + column + ": numbers of its own refused (GENERATED ALWAYS)");
    }
  }

  Crossing& crossing_;
};

}  // namespace

void carry_column(Crossing& crossing, const Column& column, const ColumnWish& wish) {
  ColumnCarrier(crossing).add_column(column, wish);
}

}  // namespace rowferry
