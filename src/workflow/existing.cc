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

bool same_definition(const ForeignKey& a, const ForeignKey& b) {
  return a.on_update == b.on_update && a.on_delete == b.on_delete && a.deferral == b.deferral &&
         a.match_full == b.match_full && (a.to_columns == b.to_columns || a.to_columns.empty());
}

bool same_parts(const Index& a, const Index& b) {
  return a.unique == b.unique && a.predicate.has_value() == b.predicate.has_value() &&
         std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                    [](const IndexPart& x, const IndexPart& y) {
                      return !x.column.empty() && x.column == y.column &&
                             x.descending == y.descending;
                    });
}

// The same key takes the name it has. One of another definition is the target's own: it stays as it
// is, in place of the source's, and what it says of the rows is proven after the load.
void adopt_reference(const ForeignKey& other, TablePlan& plan) {
  auto& keys = plan.target.foreign_keys;
  const auto same = std::find_if(keys.begin(), keys.end(),
                                 [&](const ForeignKey& key) { return same_reference(key, other); });
  if (same != keys.end() && same_definition(*same, other)) {
    same->name = other.name;
    return;
  }
  if (same == keys.end()) return;
  keys.erase(same);
  plan.not_carried.push_back(
      {"foreign_key.stays", "foreign key " + other.name + " of the target stays as it is there"});
}

}  // namespace

void put_triggers_aside(const Table& there, TablePlan& plan) {
  if (there.triggers == Table::Triggers::none) return;
  plan.write.keys_proven_later = true;
  if (there.triggers == Table::Triggers::ordinary) {
    plan.not_carried.push_back(
        {"trigger.aside", "triggers of the target do not fire for copied rows"});
    return;
  }
  plan.errors.push_back(
      Error(ErrorKind::schema, "trigger.always",
            "a trigger of the target fires even for copied rows")
          .at("table " + to_string(plan.write.name))
          .hint("disable it, or drop it and make it again, for the time of the load"));
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
  for (const ForeignKey& other : there.foreign_keys) adopt_reference(other, plan);
}

std::vector<ForeignKey> other_keys(const Table& there, const Table& planned) {
  std::vector<ForeignKey> others;
  for (const ForeignKey& key : there.foreign_keys) {
    const bool known = std::any_of(planned.foreign_keys.begin(), planned.foreign_keys.end(),
                                   [&](const ForeignKey& own) { return own.name == key.name; });
    if (!known) others.push_back(key);
  }
  return others;
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

void raise_next_values(Table& planned, const Table& there) {
  for (Column& column : planned.columns) {
    const Column* own = find_column(there, column.name);
    if (!column.identity || own == nullptr || !own->identity) continue;
    Sequence& sequence = column.identity->sequence;
    if (sequence.increment > 0) {
      sequence.next = std::max(sequence.next, own->identity->sequence.next);
    }
  }
}

bool numbers_behind(const Table& there, const Table& source) {
  const Table raised = with_next_values(there, source);
  for (std::size_t i = 0; i < there.columns.size(); ++i) {
    if (!there.columns[i].identity) continue;
    const Sequence& now = there.columns[i].identity->sequence;
    if (now.known && now.next != raised.columns[i].identity->sequence.next) return true;
  }
  return false;
}

Table with_next_values(Table there, const Table& planned) {
  for (Column& column : there.columns) {
    const Column* source = find_column(planned, column.name);
    if (column.identity && source != nullptr && source->identity) {
      if (!source->identity->sequence.known) continue;
      Sequence& own = column.identity->sequence;
      const std::int64_t next = source->identity->sequence.next;
      own.next = own.increment > 0 ? std::max(own.next, next) : next;
    }
  }
  return there;
}

}  // namespace rowferry
