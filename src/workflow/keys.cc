#include "workflow/keys.h"

#include <algorithm>

#include "engine/sql/violations.h"
#include "flow/rejects.h"

namespace rowferry {

namespace {

constexpr int kMostViolations = 1000;

template <typename Things>
auto named(const Things& things, const std::string& name) {
  return std::find_if(things.begin(), things.end(),
                      [&](const auto& thing) { return thing.name == name; });
}

}  // namespace

KeyBuilder::KeyBuilder(const Ends& ends, const Request& request, const Plan& plan,
                       std::vector<TableRun>& tables, Progress& progress,
                       std::filesystem::path reject_dir)
    : ends_(ends),
      request_(request),
      plan_(plan),
      tables_(tables),
      index_(tables),
      progress_(progress),
      reject_dir_(std::move(reject_dir)) {}

void KeyBuilder::build(const std::function<std::unique_ptr<Catalog>()>& open) {
  const std::vector<Statement> todo = statements();
  const std::vector<Unbuilt> unbuilt =
      rowferry::build(todo, open, ends_.lanes, request_.stop, [](const Statement&) {});
  const std::unique_ptr<Catalog> catalog = open();
  for (const Unbuilt& failure : unbuilt) record(failure, *catalog);
  prove_foreign_keys(*catalog);
}

std::vector<Statement> KeyBuilder::statements() {
  std::vector<Statement> todo;
  for (const Statement& statement : plan_.statements) {
    if (statement.stage <= Statement::Stage::tables || statement.stands) continue;
    TableRun* run = index_.find(statement.table);
    if (run != nullptr && !run->report.errors.empty()) continue;
    if (run != nullptr && leans_on_failed(statement, *run)) continue;
    todo.push_back(statement);
  }
  return todo;
}

// A foreign key to a table that did not land whole would find orphans that are none.
bool KeyBuilder::leans_on_failed(const Statement& statement, TableRun& run) {
  const auto key = named(run.plan->target.foreign_keys, statement.name);
  const bool is_key = statement.stage == Statement::Stage::foreign_keys ||
                      statement.stage == Statement::Stage::validation;
  if (!is_key || key == run.plan->target.foreign_keys.end()) return false;
  const TableRun* other = index_.find(key->to);
  if (other == nullptr || other == &run || other->report.errors.empty()) return false;
  if (statement.stage == Statement::Stage::foreign_keys) {
    wait_for(run, key->name, key->to);
  }
  return true;
}

void KeyBuilder::wait_for(TableRun& run, const std::string& key, const TableName& other) {
  const std::string text =
      "foreign key " + key + " waits for table " + to_string(other) + ", which failed";
  progress_.note("table " + to_string(run.plan->write.name) + ": " + text);
  run.report.not_carried.push_back({"foreign_key.waits", text});
}

KeyBuilder::Search KeyBuilder::search_for(const TableRun& run, const std::string& name) const {
  const Dialect& dialect = *ends_.target_dialect;
  const Table& table = run.plan->target;
  if (const auto key = named(table.foreign_keys, name); key != table.foreign_keys.end()) {
    return {sql::orphans(dialect, table, *key, kMostViolations),
            sql::shown_columns(table, key->columns)};
  }
  if (const auto check = named(table.checks, name); check != table.checks.end()) {
    return {sql::breaking(dialect, table, *check, kMostViolations), sql::shown_columns(table, {})};
  }
  const auto index = named(table.indexes, name);
  const bool is_key = table.primary_key && table.primary_key->name == name;
  if (!is_key && index == table.indexes.end()) return {};
  const Index& broken = is_key ? *table.primary_key : *index;
  return {sql::duplicates(dialect, table, broken, kMostViolations),
          sql::shown_columns(table, sql::columns_of(broken))};
}

void KeyBuilder::record(const Unbuilt& failure, Catalog& catalog) {
  TableRun* run = index_.find(failure.statement.table);
  if (run == nullptr) throw failure.error;
  Error error = failure.error;
  if (error.kind() == ErrorKind::data && error.hint().empty()) {
    error.hint(
        "mend the rows at both ends and run the same command again, or mend them at the source"
        " and use --restart");
  }
  run->report.errors.push_back(error);
  if (error.kind() != ErrorKind::data) return;
  const Search search = search_for(*run, failure.statement.name);
  if (!search.query.empty()) list_violations(*run, failure.statement.name, search, catalog);
}

void KeyBuilder::list_violations(TableRun& run, const std::string& constraint, const Search& search,
                                 Catalog& catalog) {
  std::vector<Reject> rejects;
  try {
    for (const auto& row : catalog.query(search.query)) {
      rejects.push_back({.key = sql::named(search.columns, row),
                         .column = "",
                         .reason = "violates " + constraint});
    }
  } catch (const Error& error) {
    progress_.note("could not list the rows at fault: " + error.line());
  }
  if (rejects.empty()) return;
  run.report.rejects += static_cast<std::int64_t>(rejects.size());
  try {
    add_rejects(reject_dir_, run.plan->write.name, rejects, std::nullopt);
    run.report.reject_file = reject_file(reject_dir_, run.plan->write.name).string();
  } catch (const Error& error) {
    progress_.note(error.line());
  }
}

// Foreign keys that stand while rows are loaded are not looked at then: each is proven here.
void KeyBuilder::prove_foreign_keys(Catalog& catalog) {
  const bool unproven = ends_.target_dialect->rules().foreign_keys_unproven;
  for (TableRun& run : tables_) {
    if (!unproven && !run.plan->write.keys_proven_later) continue;
    if (!run.report.errors.empty() || !run.begun) continue;
    for (const ForeignKey& key : run.plan->target.foreign_keys) {
      const TableRun* other = index_.find(key.to);
      if (other != nullptr && !other->report.errors.empty()) {
        if (unproven) wait_for(run, key.name, key.to);
        continue;
      }
      const std::string query =
          sql::orphans(*ends_.target_dialect, run.plan->target, key, kMostViolations);
      if (catalog.query(query).empty()) continue;
      list_violations(run, "the foreign key to " + to_string(key.to),
                      {query, sql::shown_columns(run.plan->target, key.columns)}, catalog);
      run.report.errors.push_back(
          Error(ErrorKind::data, "row.orphan",
                "rows refer to rows of " + to_string(key.to) + " that are not there")
              .at("table " + to_string(run.plan->write.name))
              .hint("mend the rows at both ends and run the same command again, or mend them at the"
                    " source and use --restart"));
    }
  }
}

}  // namespace rowferry
