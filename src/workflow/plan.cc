#include "workflow/plan.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/fingerprint.h"
#include "engine/sql/expression.h"
#include "workflow/existing.h"
#include "workflow/matching.h"
#include "workflow/planning.h"
#include "workflow/selection.h"
#include "workflow/translate.h"

namespace rowferry {

namespace {

// Builds a Plan; each method is one step and adds to it.
class Planner {
 public:
  Planner(const Ends& ends, const Request& request, Catalog& source, Catalog* target,
          Purpose purpose)
      : ends_(ends),
        request_(request),
        compare_(purpose != Purpose::move),
        printed_(purpose == Purpose::script),
        from_(*ends.source_dialect),
        to_(*ends.target_dialect),
        selector_(request.selection),
        rules_(request.rules),
        names_(to_.rules()),
        source_(source),
        target_(target) {}

  Plan plan() {
    schema_ = source_.describe([&](const TableName& name) { return selector_.takes(name); });
    check_selection();
    rules_.check_used(schema_.tables);
    choose_columns();
    choose_names();
    look_at_target();
    plan_.tables.reserve(schema_.tables.size());
    for (std::size_t i = 0; i < schema_.tables.size(); ++i) add_table(i);
    add_preparations();
    plan_.job = ends_.job;
    plan_.source = from_.facts().product + ", " + ends_.source.text();
    plan_.target = to_.facts().product + ", " + ends_.target.text();
    for (const std::string& other : schema_.others)
      plan_.not_carried.push_back({"object.left_out", other});
    order();
    return std::move(plan_);
  }

 private:
  void check_selection() {
    std::vector<TableName> names;
    for (const Table& table : schema_.tables) names.push_back(table.name);
    selector_.check_used(names);
  }

  // --columns takes columns away from the source as the rest of the plan sees it.
  void choose_columns() {
    for (Table& table : schema_.tables) {
      const std::vector<std::string> wanted = selector_.columns(table.name);
      if (wanted.empty()) continue;
      for (const std::string& name : wanted) {
        if (find_column(table, name) != nullptr) continue;
        throw Error(ErrorKind::usage, "selection.column",
                    "--columns names '" + name + "', which the table does not have")
            .at("table " + to_string(table.name));
      }
      std::erase_if(table.columns, [&](const Column& column) {
        const bool out = std::find(wanted.begin(), wanted.end(), column.name) == wanted.end();
        if (out) left_out_[table.name].push_back(column.name);
        return out;
      });
    }
  }

  TableName target_name(const TableName& name) const {
    const bool was_mapped = selector_.mapped(name).has_value();
    TableName to = selector_.mapped(name).value_or(
        TableName{name.schema, in_case(name.table, rules_.letters(name))});
    const std::string& home = to_.facts().default_schema;
    const std::string& away = from_.facts().default_schema;
    if (home.empty() || to_.rules().one_schema) {
      // Without schemas at the target, those that are not the source's default go before the name.
      const bool other = !to.schema.empty() && to.schema != away && to.schema != home;
      if (other) to.table = to.schema + "_" + to.table;
      to.schema = home;
    } else if (to.schema.empty() || (!was_mapped && to.schema == away)) {
      to.schema = home;
    }
    if (to_.rules().lowers_tables) to.table = lower(to.table);
    return to;
  }

  std::string folded(const TableName& name) const {
    return to_.rules().folds_case ? lower(to_string(name)) : to_string(name);
  }

  void choose_names() {
    for (const Table& table : schema_.tables) {
      const TableName name = target_name(table.name);
      target_names_.emplace(table.name, name);
      names_.add(name);
      ++taken_[folded(name)];
    }
  }

  void look_at_target() {
    if (target_ == nullptr) return;
    std::set<TableName> wanted;
    for (const auto& [from, to] : target_names_) wanted.insert(to);
    Schema there = target_->describe([&](const TableName& name) { return wanted.count(name) > 0; });
    for (Table& table : there.tables) {
      const TableName name = table.name;
      existing_.emplace(name, std::move(table));
    }
  }

  void add_table(std::size_t index) {
    TablePlan plan;
    plan.read.table = std::move(schema_.tables[index]);
    const Table& source = plan.read.table;
    const TableName name = target_names_.at(source.name);
    plan.read.where = selector_.where(source.name);
    plan.write.name = name;
    const auto there = existing_.find(name);
    plan.exists = there != existing_.end();
    refuse_impossible(source, plan);
    const std::vector<ColumnWish> wishes = wishes_of(source);
    if (compare_) return add_compared(std::move(plan), wishes);
    if (!request_.data_only) translate_table(source, name, wishes, plan);
    const bool stays = plan.exists && (request_.data_only || request_.existing != Existing::drop);
    if (stays) keep_existing(there->second, source, plan);
    if (stays) name_generated(source, there->second, plan);
    if (plan.errors.empty()) {
      match_columns(source, goals_of(source, wishes), plan.target, from_, to_, plan);
    }
    plan_.tables.push_back(std::move(plan));
  }

  void add_compared(TablePlan plan, const std::vector<ColumnWish>& wishes) {
    if (plan.errors.empty()) {
      plan.target = std::move(existing_.at(plan.write.name));
      const Table& source = plan.read.table;
      pair_columns(source, goals_of(source, wishes), plan.target, from_, to_, printed_, plan);
      forget_left_out(plan);
    }
    plan_.tables.push_back(std::move(plan));
  }

  // Columns that --columns leaves out are there at both sides.
  void forget_left_out(TablePlan& plan) const {
    const auto left_out = left_out_.find(plan.read.table.name);
    if (left_out == left_out_.end()) return;
    const LetterCase letters = rules_.letters(plan.read.table.name);
    const bool folds = from_.rules().folds_case || to_.rules().folds_case;
    std::erase_if(plan.not_carried, [&](const Loss& loss) {
      if (loss.code != "column.at_target") return false;
      return std::any_of(left_out->second.begin(), left_out->second.end(),
                         [&](const std::string& column) {
                           const std::string text = only_at_target(in_case(column, letters));
                           return folds ? lower(text) == lower(loss.text) : text == loss.text;
                         });
    });
  }

  // What the target computes itself is not copied.
  void name_generated(const Table& source, const Table& there, TablePlan& plan) const {
    const LetterCase letters = rules_.letters(source.name);
    for (const Column& column : source.columns) {
      if (!column.generated) continue;
      const Expression& ours = column.generated->expression;
      const Column* found = find_column(there, in_case(column.name, letters));
      if (found != nullptr && !found->generated) continue;
      if (found != nullptr && computes_alike(ours, found->generated->expression)) continue;
      const std::string name = "column " + column.name + ": ";
      std::erase_if(plan.not_carried, [&](const Loss& loss) {
        return loss.code == "column.generated" && loss.text.starts_with(name);
      });
      std::string text = name + "generated as " + ours.text;
      text += found == nullptr ? "; the target has no such column"
                               : "; the target computes it as " + found->generated->expression.text;
      plan.not_carried.push_back({"column.generated", std::move(text)});
    }
  }

  // Servers of other products write an expression anew when they keep it.
  bool computes_alike(const Expression& ours, const Expression& theirs) const {
    const auto here = to_.translate(ours);
    if (!here) return false;
    if (*here == theirs.text) return true;
    if (from_.facts().product == to_.facts().product) return false;
    return sql::reads_alike({.text = *here, .flavour = theirs.flavour}, theirs);
  }

  std::vector<ColumnWish> wishes_of(const Table& source) const {
    if (request_.rules.empty()) return {};
    std::vector<ColumnWish> wishes;
    for (const Column& column : source.columns) {
      wishes.push_back({.decision = rules_.decide(source.name, column), .labels = {}});
      if (wishes.back().decision.labels == ColumnDecision::Enum::text) continue;
      wishes.back().labels = labels_of(column);
    }
    return wishes;
  }

  // Of an enum; none of any other type.
  std::vector<std::string> labels_of(const Column& column) const {
    std::string native = column.native;
    std::erase(native, '"');
    for (const UserType& type : schema_.types) {
      if (!type.definition && to_string(type.name) == native) return type.labels;
    }
    return from_.labels(column);
  }

  std::vector<ColumnGoal> goals_of(const Table& source,
                                   const std::vector<ColumnWish>& wishes) const {
    const LetterCase letters = rules_.letters(source.name);
    std::vector<ColumnGoal> goals;
    for (std::size_t i = 0; i < source.columns.size(); ++i) {
      goals.push_back({.name = in_case(source.columns[i].name, letters),
                       .decision = wishes.empty() ? ColumnDecision{} : wishes[i].decision});
    }
    return goals;
  }

  void refuse_impossible(const Table& source, TablePlan& plan) const {
    const auto refuse = [&](const char* code, const std::string& text, const char* hint) {
      plan.errors.push_back(
          Error(ErrorKind::schema, code, text).at("table " + to_string(source.name)).hint(hint));
    };
    const std::string name = to_string(plan.write.name);
    if (taken_.at(folded(plan.write.name)) > 1) {
      refuse("name.clash", "several tables of the source would be " + name + " at the target",
             "give one of them another name with --map");
    }
    if (source.columns.empty()) {
      refuse("table.no_columns", "the table has no columns to copy", "leave it out with --exclude");
    }
    if (!compare_) refuse_unknown_numbers(source, plan);
    if (plan.exists || (!request_.data_only && !compare_)) return;
    refuse("table.missing", "the target has no table " + name,
           compare_ ? "copy it there, or leave it out with --exclude"
                    : "leave --data-only out, or create the table first");
  }

  // The target would give out numbers again that the source has given out.
  static void refuse_unknown_numbers(const Table& source, TablePlan& plan) {
    for (const Column& column : source.columns) {
      if (!column.identity || column.identity->sequence.known) continue;
      const std::string name = to_string(column.identity->sequence.name);
      plan.errors.push_back(
          Error(ErrorKind::auth, "sequence.unreadable",
                "the user may not read sequence " + name + ", which numbers column " + column.name)
              .at("table " + to_string(source.name))
              .hint("GRANT SELECT ON SEQUENCE " + name + " TO that user"));
    }
  }

  void keep_existing(const Table& there, const Table& source, TablePlan& plan) {
    if (request_.data_only) {
      plan.target = with_next_values(there, source);
      plan.write.keys_proven_later = !plan.target.foreign_keys.empty();
      for (Statement& statement : to_.create(plan.target)) {
        if (statement.stage != Statement::Stage::next_values) continue;
        plan_.statements.push_back(std::move(statement));
      }
    } else {
      plan.target.columns = with_next_values(there, plan.target).columns;
    }
    put_triggers_aside(there, plan);
  }

  void translate_table(const Table& source, const TableName& name,
                       const std::vector<ColumnWish>& wishes, TablePlan& plan) {
    const auto name_of = [&](const TableName& other) {
      const auto found = target_names_.find(other);
      return found == target_names_.end() ? TableName{} : found->second;
    };
    const LetterCase letters = rules_.letters(source.name);
    const auto letters_of = [&](const TableName& other) { return rules_.letters(other); };
    Translation made = letters == LetterCase::keep
                           ? translate(source, name, from_, to_, name_of, wishes, names_)
                           : translate(renamed(source, letters, letters_of), name, from_, to_,
                                       name_of, wishes, names_);
    types_.types.insert(types_.types.end(), made.types.begin(), made.types.end());
    plan.target = std::move(made.table);
    plan.not_carried = std::move(made.not_carried);
    for (Error& error : made.errors) plan.errors.push_back(std::move(error));
    const auto there = existing_.find(name);
    const Table* table = there == existing_.end() ? nullptr : &there->second;
    std::vector<ForeignKey> others;
    if (table != nullptr) {
      adopt_names(*table, plan);
      others = other_keys(*table, plan.target);
      plan.write.keys_proven_later = !others.empty();
      if (request_.existing != Existing::drop) raise_next_values(plan.target, *table);
    }
    for (Statement& statement : to_.create(plan.target)) add_statement(std::move(statement), table);
    for (ForeignKey& key : others) plan.target.foreign_keys.push_back(std::move(key));
  }

  // Marks what an existing table has already: what an earlier run built, or the user did.
  void add_statement(Statement statement, const Table* table) {
    statement.stands = table != nullptr && stands_already(*table, statement);
    plan_.statements.push_back(std::move(statement));
  }

  // What must stand before the first table: schemas, enum types, sequences of their own.
  void add_preparations() {
    if (compare_) return;
    const bool same = from_.facts().flavour == to_.facts().flavour;
    if (!same) lose_types_and_sequences();
    if (request_.data_only) {
      if (same) expect_types();
      return;
    }
    std::set<std::string> schemas;
    for (const auto& [from, to] : target_names_) schemas.insert(to.schema);
    if (same) {
      for (const UserType& type : schema_.types) schemas.insert(type.name.schema);
      for (const Sequence& sequence : schema_.sequences) schemas.insert(sequence.name.schema);
    }
    schemas.erase(to_.facts().default_schema);
    std::vector<Statement> first;
    first.reserve(schemas.size());
    for (const std::string& schema : schemas) {
      first.push_back({.stage = Statement::Stage::types,
                       .table = {},
                       .name = schema,
                       .sql = "CREATE SCHEMA IF NOT EXISTS " + to_.quote(schema)});
    }
    for (Statement& statement : to_.prepare(types_)) first.push_back(std::move(statement));
    if (same) {
      for (Statement& statement : to_.prepare(schema_)) first.push_back(std::move(statement));
      for (const UserType& type : schema_.types) {
        if (!type.definition) continue;
        plan_.not_carried.push_back(
            {"type.left_out", "type " + to_string(type.name) +
                                  " is not made: it must be at the target, and the same"});
      }
    }
    plan_.statements.insert(plan_.statements.begin(), first.begin(), first.end());
  }

  // Tables that are there may be made of types that only have the names of the source's.
  void expect_types() {
    Schema expected;
    for (const UserType& type : schema_.types) {
      if (type.definition) expected.types.push_back(type);
    }
    for (Statement& statement : to_.prepare(expected)) {
      plan_.statements.push_back(std::move(statement));
    }
  }

  void lose_types_and_sequences() {
    for (const UserType& type : schema_.types) {
      if (type.definition || ruled(type)) continue;
      plan_.not_carried.push_back(
          {"type.left_out",
           "type " + to_string(type.name) + ": its columns become text, any label is allowed"});
    }
    for (const Sequence& sequence : schema_.sequences) {
      plan_.not_carried.push_back({"sequence.left_out", "sequence " + to_string(sequence.name)});
    }
  }

  // Whether the user's rules keep the labels of every column of the type.
  bool ruled(const UserType& type) const {
    for (const TablePlan& plan : plan_.tables) {
      for (const Column& column : plan.read.table.columns) {
        std::string native = column.native;
        std::erase(native, '"');
        const bool free =
            rules_.decide(plan.read.table.name, column).labels == ColumnDecision::Enum::text;
        if (native == to_string(type.name) && free) return false;
      }
    }
    return !request_.rules.empty();
  }

  // Largest first, so that the last table to end is a small one.
  void order() {
    std::stable_sort(plan_.tables.begin(), plan_.tables.end(),
                     [](const TablePlan& a, const TablePlan& b) {
                       return a.read.table.bytes > b.read.table.bytes;
                     });
    std::stable_sort(plan_.statements.begin(), plan_.statements.end(),
                     [](const Statement& a, const Statement& b) { return a.stage < b.stage; });
  }

  const Ends& ends_;
  const Request& request_;
  const bool compare_;
  const bool printed_;
  const Dialect& from_;
  const Dialect& to_;
  Selector selector_;
  Rules rules_;
  NameSet names_;
  Catalog& source_;
  Catalog* target_;
  Schema schema_;
  Schema types_;                                            // that the user's rules make
  std::map<TableName, std::vector<std::string>> left_out_;  // columns, by --columns
  std::map<TableName, TableName> target_names_;
  std::map<std::string, int> taken_;
  std::map<TableName, Table> existing_;
  Plan plan_;
};

}  // namespace

Plan make_plan(const Ends& ends, const Request& request, Catalog& source, Catalog* target,
               Purpose purpose) {
  return Planner(ends, request, source, target, purpose).plan();
}

namespace {

std::string describe(const Amendment& amendment) {
  std::string text;
  for (const bool given : {amendment.zero_date_null, amendment.strip_nul, amendment.truncate,
                           amendment.as_bytes, amendment.convert}) {
    text += given ? '1' : '0';
  }
  return text;
}

}  // namespace

std::string plan_fingerprint(const TablePlan& plan) {
  std::string text = to_string(plan.read.table.name) + '\x1f' + plan.read.where + '\x1f' +
                     rowferry::describe(plan.read.cut) + '\x1f' +
                     std::to_string(static_cast<int>(plan.read.format));
  for (const Part& part : plan.read.table.parts) text += '\x1d' + to_string(part.name);
  for (std::size_t i = 0; i < plan.read.columns.size(); ++i) {
    const ColumnRead& read = plan.read.columns[i];
    const ColumnWrite& write = plan.write.columns[i];
    text += '\x1f' + read.name + '\x1e' + read.native + '\x1e' + write.name + '\x1e' +
            std::string(name_of(read.wire)) + '\x1e' + std::string(name_of(write.wire));
    if (read.amendment != Amendment{}) text += '\x1e' + describe(read.amendment);
  }
  std::erase(text, '"');  // a type's name may be told with quotes or without

  return fingerprint(text);
}

}  // namespace rowferry
