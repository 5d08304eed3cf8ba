#include "workflow/schema.h"

#include <algorithm>

#include "flow/build.h"
#include "workflow/planning.h"

namespace rowferry {

namespace {

using Stage = Statement::Stage;

bool in_section(Stage stage, Section section) {
  const bool tables = stage <= Stage::tables;
  if (section == Section::tables) return tables;
  return section == Section::all || !tables;
}

bool replaced(const Plan& plan, const Request& request, const TableName& name) {
  if (request.existing != Existing::drop || request.section == Section::keys) return false;
  return std::any_of(plan.tables.begin(), plan.tables.end(), [&](const TablePlan& table) {
    return table.exists && table.write.name == name;
  });
}

// The next values belong to rows, which a schema without them has none of; they are carried all the
// same, so that rows loaded later by other means do not clash.
std::vector<Statement> wanted(const Plan& plan, const Request& request) {
  std::vector<Statement> statements;
  for (const Statement& statement : plan.statements) {
    const bool stands = statement.stands && !replaced(plan, request, statement.table);
    if (in_section(statement.stage, request.section) && !stands) statements.push_back(statement);
  }
  return statements;
}

TableReport report_of(const TablePlan& plan) {
  TableReport report;
  report.source = plan.read.table.name;
  report.target = plan.write.name;
  report.not_carried = plan.not_carried;
  report.errors = plan.errors;
  if (!report.errors.empty()) report.state = TableState::failed;
  return report;
}

// Drops the tables in the way when that was asked for; refuses when nothing was.
void clear_the_way(const Plan& plan, const Request& request, const Ends& ends, Catalog& target) {
  if (request.existing != Existing::drop || request.section == Section::keys) return;
  std::vector<TableName> names;
  for (const TablePlan& table : plan.tables) {
    if (table.exists) names.push_back(table.write.name);
  }
  if (!names.empty()) target.execute(ends.target_dialect->drop(names));
}

}  // namespace

CopyReport schema(const Request& request, const Surroundings& surroundings) {
  const Ends ends = reach(request, surroundings, true);
  surroundings.progress.phase("reading the schema");
  const auto snapshot = ends.from.snapshot(ends.source, ends.source_options);
  const auto source = snapshot->catalog();
  const auto target = ends.to.catalog(ends.target, ends.target_options);
  const Plan plan = make_plan(ends, request, *source, target.get());
  CopyReport report;
  report.job = ends.job;
  report.not_carried = plan.not_carried;
  for (const TablePlan& table : plan.tables) report.tables.push_back(report_of(table));
  const auto find = [&](const TableName& name) -> TableReport* {
    for (TableReport& table : report.tables) {
      if (table.target == name) return &table;
    }
    return nullptr;
  };
  clear_the_way(plan, request, ends, *target);
  std::vector<Statement> statements;
  for (Statement& statement : wanted(plan, request)) {
    const TableReport* table = find(statement.table);
    if (table == nullptr || table->errors.empty()) statements.push_back(std::move(statement));
  }
  surroundings.progress.phase("building");
  const auto open = [&] { return ends.to.catalog(ends.target, ends.target_options); };
  for (const Unbuilt& failure :
       build(statements, open, ends.lanes, request.stop, [](const Statement&) {})) {
    TableReport* table = find(failure.statement.table);
    if (table == nullptr) throw failure.error;
    table->errors.push_back(failure.error);
    table->state = TableState::failed;
  }
  for (const TableReport& table : report.tables) surroundings.progress.table_finished(table);
  return report;
}

std::string print_schema(const Request& request, const Surroundings& surroundings) {
  const Ends ends = reach(request, surroundings, true);
  const auto snapshot = ends.from.snapshot(ends.source, ends.source_options);
  const auto source = snapshot->catalog();
  const Plan plan = make_plan(ends, request, *source, nullptr);
  std::string text;
  for (const Statement& statement : wanted(plan, request)) text += statement.sql + ";\n";
  return text;
}

}  // namespace rowferry
