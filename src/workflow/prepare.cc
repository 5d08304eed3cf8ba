#include "workflow/prepare.h"

#include <set>

#include "engine/sql/ddl.h"
#include "flow/build.h"

namespace rowferry {

using Stage = Statement::Stage;

void TargetPreparer::run(const Preparation& todo,
                         const std::function<std::unique_ptr<Catalog>()>& open) {
  clear(todo);
  put_foreign_keys_off(todo.begin);
  create_tables(open);
  std::vector<Begun> begin;
  for (const Begun& table : todo.begin) {
    if (index_.find(table.table)->report.errors.empty()) begin.push_back(table);
  }
  if (!begin.empty()) ledger_.begin(begin);
}

// What the ledger says of rows goes before the rows do.
void TargetPreparer::clear(const Preparation& todo) {
  const std::set<TableName> dropped(todo.drop.begin(), todo.drop.end());
  if (!todo.drop.empty()) catalog_.check_drop(todo.drop);
  for (const TableName& name : todo.forget) {
    if (dropped.count(name) > 0) ledger_.forget(name);
  }
  if (!todo.drop.empty()) catalog_.execute(ends_.target_dialect->drop(todo.drop));
  if (!todo.empty.empty()) ledger_.empty(todo.empty);
  for (const TableName& name : todo.forget) {
    if (dropped.count(name) == 0) ledger_.forget(name);
  }
  for (Statement& statement : plan_.statements) {
    if (dropped.count(statement.table) > 0) statement.stands = false;
  }
}

// Foreign keys that stand would refuse rows whose counterparts come later: those that the plan
// adds after the load are taken away before it.
void TargetPreparer::put_foreign_keys_off(const std::vector<Begun>& begin) {
  if (ends_.target_dialect->rules().foreign_keys_inline) return;
  std::set<TableName> loaded;
  for (const Begun& table : begin) loaded.insert(table.table);
  for (Statement& statement : plan_.statements) {
    const bool key = statement.stage == Stage::foreign_keys || statement.stage == Stage::validation;
    if (!key || !statement.stands || loaded.count(statement.table) == 0) continue;
    if (statement.stage == Stage::foreign_keys) {
      catalog_.execute(
          sql::drop_constraint(*ends_.target_dialect, statement.table, statement.name));
    }
    statement.stands = false;
  }
}

// Tables are not made where the types that they need could not be.
void TargetPreparer::create_tables(const std::function<std::unique_ptr<Catalog>()>& open) {
  for (const Stage stage : {Stage::types, Stage::tables}) {
    std::vector<Statement> statements;
    for (const Statement& statement : plan_.statements) {
      if (statement.stage != stage || statement.stands) continue;
      const TableRun* run = index_.find(statement.table);
      if (run == nullptr || run->report.errors.empty()) statements.push_back(statement);
    }
    for (const Unbuilt& failure :
         build(statements, open, ends_.lanes, ends_.target_options.stop, [](const Statement&) {})) {
      TableRun* run = index_.find(failure.statement.table);
      if (run == nullptr) throw failure.error;
      run->report.errors.push_back(failure.error);
    }
  }
}

}  // namespace rowferry
