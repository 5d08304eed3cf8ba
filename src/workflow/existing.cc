#include "workflow/existing.h"

#include <algorithm>

namespace rowferry {

namespace {

void differs(TablePlan& plan, const std::string& what) {
  plan.errors.push_back(Error(ErrorKind::schema, "key.differs",
                              "the target's " + what + " is on other columns than the source's")
                            .at("table " + to_string(plan.write.name))
                            .hint("mend it, use --existing drop, or load with --data-only"));
}

bool same_columns(const Index& a, const Index& b) {
  return std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const IndexPart& x, const IndexPart& y) { return x.column == y.column; });
}

bool same_reference(const ForeignKey& a, const ForeignKey& b) {
  return a.columns == b.columns && a.to == b.to;
}

bool same_actions(const ForeignKey& a, const ForeignKey& b) {
  return a.on_update == b.on_update && a.on_delete == b.on_delete;
}

bool same_parts(const Index& a, const Index& b) {
  return a.unique == b.unique && a.predicate.has_value() == b.predicate.has_value() &&
         std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const IndexPart& x, const IndexPart& y) {
                      return !x.column.empty() && x.column == y.column &&
                             x.descending == y.descending;
                    });
}

}  // namespace

void put_triggers_aside(const Table& there, TablePlan& plan) {
  if (there.triggers == Table::Triggers::none) return;
  plan.write.keys_proven_later = true;
  if (there.triggers == Table::Triggers::ordinary) {
    plan.not_carried.push_back("triggers of the target do not fire for copied rows");
    return;
  }
  plan.errors.push_back(Error(ErrorKind::schema, "trigger.always",
                              "a trigger of the target fires even for copied rows (ENABLE ALWAYS or"
                              " REPLICA)")
                            .at("table " + to_string(plan.write.name))
                            .hint("disable it for the load"));
}

void adopt_names(const Table& there, TablePlan& plan) {
  Table& planned = plan.target;
  if (there.primary_key && planned.primary_key) {
    if (!same_columns(*there.primary_key, *planned.primary_key)) {
      differs(plan, "primary key " + there.primary_key->name);
    }
    planned.primary_key->name = there.primary_key->name;
  }
  for (Index& index : planned.indexes) {
    for (const Index& other : there.indexes) {
      if (same_parts(index, other)) {
        index.name = other.name;
      } else if (index.name == other.name && !same_columns(index, other)) {
        differs(plan, "index " + other.name);
      }
    }
  }
  for (ForeignKey& key : planned.foreign_keys) {
    for (const ForeignKey& other : there.foreign_keys) {
      if (!same_reference(key, other)) continue;
      const bool same = same_actions(key, other);
      const bool validated = key.validated;
      key = other;  // as it was when it is added again after the load
      key.validated = validated;
      if (same) continue;
      plan.not_carried.push_back("foreign key " + other.name +
                                 " of the target keeps its own actions");
    }
  }
}

bool has_other_keys(const Table& there, const Table& planned) {
  const auto known = [&](const ForeignKey& key) {
    return std::any_of(planned.foreign_keys.begin(), planned.foreign_keys.end(),
                       [&](const ForeignKey& own) { return own.name == key.name; });
  };
  return !std::all_of(there.foreign_keys.begin(), there.foreign_keys.end(), known);
}

bool stands_already(const Table& table, const Statement& statement) {
  using Stage = Statement::Stage;
  const auto named = [&](const auto& things) {
    return std::any_of(things.begin(), things.end(),
                       [&](const auto& thing) { return thing.name == statement.name; });
  };
  const bool is_key = table.primary_key && table.primary_key->name == statement.name;
  if (statement.stage == Stage::tables) return true;
  if (statement.stage == Stage::indexes) return is_key || named(table.indexes);
  if (statement.stage == Stage::keys) {
    const bool constraint = std::any_of(
        table.indexes.begin(), table.indexes.end(),
        [&](const Index& index) { return index.constraint && index.name == statement.name; });
    return is_key || constraint || named(table.checks);
  }
  if (statement.stage == Stage::foreign_keys) return named(table.foreign_keys);
  return statement.stage == Stage::validation &&
         std::any_of(
             table.foreign_keys.begin(), table.foreign_keys.end(),
             [&](const ForeignKey& key) { return key.name == statement.name && key.validated; });
}

Table with_next_values(Table there, const Table& planned) {
  for (Column& column : there.columns) {
    const Column* source = find_column(planned, column.name);
    if (column.identity && source != nullptr && source->identity) {
      column.identity->sequence.next = source->identity->sequence.next;
    }
  }
  return there;
}

}  // namespace rowferry
