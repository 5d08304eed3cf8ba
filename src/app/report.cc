#include "app/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/figures.h"
#include "app/grid.h"

namespace rowferry {

namespace {

using Align = Grid::Align;

std::string renamed(const TableName& source, const TableName& target) {
  std::string name = printable(to_string(source));
  if (target != source) name += " -> " + printable(to_string(target));
  return name;
}

std::string tables_text(const CopyReport& report, bool rows) {
  Grid grid({Align::left, Align::left, Align::right, Align::right, Align::right, Align::right});
  if (rows) {
    grid.row({"table", "state", "rows", "bytes", "seconds", "rows/s"});
  } else {
    grid.row({"table", "state"});
  }
  for (const TableReport& table : report.tables) {
    std::vector<std::string> cells = {renamed(table.source, table.target),
                                      std::string(name_of(table.state))};
    if (rows) cells.push_back(with_commas(table.rows));
    if (rows && table.state != TableState::earlier) {
      cells.push_back(human_bytes(static_cast<double>(table.bytes)));
      cells.push_back(fmt::format("{:.1f}", table.seconds));
      cells.push_back(human_rate(table.rows_moved, table.seconds));
    }
    grid.row(std::move(cells));
  }
  return grid.text();
}

std::string not_carried_text(const std::string& name, const std::vector<Loss>& losses) {
  std::string out;
  for (const Loss& loss : losses) {
    out += "  " + (name.empty() ? "" : name + ": ") + printable(loss.text) + "\n";
  }
  return out;
}

std::string headed(std::string_view head, const std::string& body) {
  return body.empty() ? "" : fmt::format("\n{}:\n{}", head, body);
}

// Errors mostly say themselves which table they are about.
std::string indented_error(const TableName& table, const Error& error) {
  const std::string name = to_string(table);
  const bool named = error.line().find(name) != std::string::npos;
  std::string out = "  " + printable(named ? error.line() : name + ": " + error.line()) + "\n";
  if (!error.hint().empty()) out += "    hint: " + error.hint() + "\n";
  return out;
}

std::string failure_text(const TableReport& table) {
  const std::string name = renamed(table.source, table.target);
  std::string out;
  for (const Error& error : table.errors) out += indented_error(table.source, error);
  if (table.rejects > 0) {
    out += fmt::format("  {}: {} in {}\n", name, counted(table.rejects, "row"), table.reject_file);
  }
  if (out.empty() && table.state == TableState::failed) out = "  " + name + "\n";
  return out;
}

std::string left_out_text(const TableReport& table) {
  if (table.left_out == 0) return "";
  return fmt::format("  {}: {} in {}\n", renamed(table.source, table.target),
                     counted(table.left_out, "row"), table.reject_file);
}

std::string exists_text(const TablePlan& table) {
  if (!table.exists) return "new";
  return table.has_rows ? "has rows" : "empty";
}

std::string planned_tables(const Plan& plan, bool pages) {
  Grid grid({Align::left, Align::right, Align::right, Align::left, Align::left, Align::right});
  grid.row({"table", "rows", "bytes", "target", "cut by", pages ? "pages" : ""});
  for (const TablePlan& table : plan.tables) {
    const Table& source = table.read.table;
    grid.row({renamed(source.name, table.write.name),
              source.rows < 0 ? "?" : "~" + with_commas(source.rows),
              "~" + human_bytes(static_cast<double>(source.bytes)), exists_text(table),
              describe(table.read.cut),
              pages ? with_commas(static_cast<std::int64_t>(table.pages.size())) : ""});
  }
  return grid.text();
}

std::string finished_text(const CopyReport& report) {
  std::string out = fmt::format("job {} finished at {}; nothing to do. --restart copies again\n",
                                report.job, report.finished_before);
  if (!report.finished_short.empty()) out += "but: " + report.finished_short + "\n";
  return out;
}

bool any(const CopyReport& report, TableState state) {
  return std::any_of(report.tables.begin(), report.tables.end(),
                     [state](const TableReport& table) { return table.state == state; });
}

bool ambiguous(const TableReport& table) {
  return std::any_of(table.errors.begin(), table.errors.end(),
                     [](const Error& error) { return error.kind() == ErrorKind::ambiguous; });
}

// "  target, table shop.orders: it holds rows already (3: id=1; id=2; …)".
std::string finding_text(const Finding& finding) {
  std::string place = finding.end;
  if (!finding.where.empty()) place += (place.empty() ? "" : ", ") + finding.where;
  std::string out =
      "    " + printable(place.empty() ? finding.message : place + ": " + finding.message);
  if (finding.count > 0) out += " (" + with_commas(finding.count) + ")";
  out += "\n";
  std::string keys;
  for (const std::string& key : finding.keys) keys += (keys.empty() ? "" : "; ") + printable(key);
  const bool more = finding.count > static_cast<std::int64_t>(finding.keys.size());
  if (!keys.empty()) out += "      " + keys + (more ? "; …" : "") + "\n";
  return out;
}

std::string end_text(const std::string& role, const std::string& url, const std::string& product,
                     const std::vector<Finding>& findings) {
  std::string out = role + ": " + printable(url) + "\n";
  const std::string indent(role.size() + 2, ' ');
  if (product.empty()) return out + indent + "out of reach\n";
  out += indent + product + "\n";
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::note || finding.end != role) continue;
    out += indent + printable(finding.message) + "\n";
  }
  return out;
}

// Notes that are about neither end.
std::string way_notes(const std::vector<Finding>& findings) {
  std::string out;
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::note || !finding.end.empty()) continue;
    const std::string place = finding.where.empty() ? "" : finding.where + ": ";
    out += "  " + printable(place + finding.message) + "\n";
  }
  return out;
}

std::string blocked_text(const CopyReport& report) {
  const auto blockers = static_cast<std::int64_t>(report.blockers.size());
  return "blockers:\n" + findings_text(report.blockers, Severity::blocker) + "\n" +
         counted(blockers, "blocker") + ": nothing was touched\n";
}

std::string counts_text(std::int64_t blockers, std::int64_t warnings) {
  if (blockers + warnings == 0) return "nothing stands in the way\n";
  return counted(blockers, "blocker") + ", " + counted(warnings, "warning") + "\n";
}

}  // namespace

Exit exit_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return Exit::usage;
    case ErrorKind::ambiguous:
      return Exit::ambiguous;
    case ErrorKind::interrupted:
      return Exit::interrupted;
    default:
      return Exit::failed;
  }
}

Exit exit_of(const CopyReport& report) {
  if (report.interrupted) return Exit::interrupted;
  if (!report.blockers.empty()) return Exit::failed;
  if (std::any_of(report.tables.begin(), report.tables.end(), ambiguous)) return Exit::ambiguous;
  if (any(report, TableState::failed) || any(report, TableState::unfinished)) return Exit::failed;
  if (any(report, TableState::not_one_point) || !report.not_one_point.empty()) return Exit::differs;
  if (!report.finished_short.empty()) return Exit::differs;
  const bool whole = std::all_of(report.tables.begin(), report.tables.end(),
                                 [](const TableReport& table) { return table.left_out == 0; });
  return whole ? Exit::done : Exit::differs;
}

Exit exit_of(const Plan& plan) {
  const bool fails = std::any_of(plan.tables.begin(), plan.tables.end(),
                                 [](const TablePlan& table) { return !table.errors.empty(); });
  return fails ? Exit::failed : Exit::done;
}

Exit exit_of(const CheckReport& report) {
  if (report.count(Severity::blocker) > 0) return Exit::failed;
  return report.count(Severity::warning) > 0 ? Exit::differs : Exit::done;
}

std::string_view stage_name(Statement::Stage stage) {
  switch (stage) {
    case Statement::Stage::types:
      return "types";
    case Statement::Stage::tables:
      return "tables";
    case Statement::Stage::indexes:
      return "indexes";
    case Statement::Stage::keys:
      return "keys";
    case Statement::Stage::foreign_keys:
      return "foreign keys";
    case Statement::Stage::validation:
      return "validation";
    case Statement::Stage::finish:
      return "finish";
    case Statement::Stage::next_values:
      return "next values";
  }
  return "";
}

std::string error_text(const Error& error) {
  std::string out = "error: " + error.line();
  if (!error.hint().empty()) out += "\nhint: " + error.hint();
  return out;
}

std::string total_line(const CopyReport& report, bool rows) {
  if (!report.finished_before.empty()) return finished_text(report);
  if (!report.blockers.empty()) return blocked_text(report);
  std::int64_t all = 0;
  std::int64_t moved = 0;
  std::int64_t bytes = 0;
  std::int64_t failed = 0;
  for (const TableReport& table : report.tables) {
    all += table.rows;
    moved += table.rows_moved;
    bytes += table.bytes;
    if (table.state == TableState::failed) ++failed;
  }
  std::string out = "total: " + counted(static_cast<std::int64_t>(report.tables.size()), "table");
  if (failed > 0) out += fmt::format(" ({} failed)", with_commas(failed));
  if (rows) {
    out += ", " + counted(all, "row");
    if (moved != all) out += fmt::format(" ({} now)", with_commas(moved));
    out += ", " + human_bytes(static_cast<double>(bytes));
  }
  out += " in " + human_seconds(report.seconds);
  if (moved > 0) out += ", " + human_rate(moved, report.seconds) + " rows/s";
  return out + "\n";
}

std::string failures_text(const CopyReport& report) {
  std::string failed;
  std::string left_out;
  for (const TableReport& table : report.tables) {
    failed += failure_text(table);
    left_out += left_out_text(table);
  }
  std::string out = headed("left out", left_out) + headed("failed", failed);
  if (!report.not_one_point.empty()) {
    out += "\nnot one point in time: " + report.not_one_point + "\n";
    for (const std::string& command : report.sync_commands) out += "  " + command + "\n";
  }
  return out;
}

std::string report_text(const CopyReport& report, bool rows) {
  if (!report.finished_before.empty()) return finished_text(report);
  if (!report.blockers.empty()) return blocked_text(report);
  std::string losses;
  for (const TableReport& table : report.tables) {
    losses += not_carried_text(renamed(table.source, table.target), table.not_carried);
  }
  losses += not_carried_text("", report.not_carried);
  return tables_text(report, rows) + total_line(report, rows) + headed("not carried", losses) +
         failures_text(report);
}

std::string plan_text(const Plan& plan, bool pages) {
  std::string losses;
  std::string errors;
  for (const TablePlan& table : plan.tables) {
    const std::string name = renamed(table.read.table.name, table.write.name);
    losses += not_carried_text(name, table.not_carried);
    for (const Error& error : table.errors) {
      errors += indented_error(table.read.table.name, error);
    }
  }
  losses += not_carried_text("", plan.not_carried);
  return fmt::format("job:    {}\nsource: {}\ntarget: {}\n\n", plan.job, plan.source, plan.target) +
         planned_tables(plan, pages) + (plan.existing.empty() ? "" : "\n" + plan.existing + "\n") +
         headed("not carried", losses) + headed("cannot be moved", errors);
}

std::string statements_text(const std::vector<Statement>& statements) {
  std::string out;
  const Statement* before = nullptr;
  for (const Statement& statement : statements) {
    if (before == nullptr || before->stage != statement.stage) {
      out += fmt::format("\n-- {}\n", stage_name(statement.stage));
    }
    out += statement.sql + ";\n";
    before = &statement;
  }
  return out;
}

std::string findings_text(const std::vector<Finding>& findings, Severity severity) {
  std::vector<std::vector<const Finding*>> groups;
  for (const Finding& finding : findings) {
    if (finding.severity != severity) continue;
    const auto alike = [&](const auto& group) {
      return group.front()->code == finding.code && group.front()->hint == finding.hint;
    };
    const auto group = std::find_if(groups.begin(), groups.end(), alike);
    if (group == groups.end()) {
      groups.push_back({&finding});
    } else {
      group->push_back(&finding);
    }
  }
  std::string out;
  for (const auto& group : groups) {
    out += "  " + group.front()->code + "\n";
    for (const Finding* finding : group) out += finding_text(*finding);
    if (!group.front()->hint.empty()) out += "    hint: " + printable(group.front()->hint) + "\n";
  }
  return out;
}

std::string check_text(const CheckReport& report, bool brief) {
  const std::string blockers = findings_text(report.findings, Severity::blocker);
  const std::string total =
      counts_text(report.count(Severity::blocker), report.count(Severity::warning));
  if (brief) return blockers + total;
  std::string looked_at = counted(report.tables, "table");
  looked_at += report.probed ? ", " + counted(report.rows_read, "row") + " read in " +
                                   human_seconds(report.seconds)
                             : "; rows were not read (--probe)";
  return end_text("source", report.source, report.source_product, report.findings) +
         end_text("target", report.target, report.target_product, report.findings) +
         headed("blockers", blockers) +
         headed("warnings", findings_text(report.findings, Severity::warning)) +
         headed("to know", way_notes(report.findings)) + "\n" + looked_at + "\n" + total;
}

std::string jobs_text(const std::vector<JobStatus>& jobs) {
  Grid grid({Align::left, Align::left, Align::right, Align::right, Align::left, Align::left});
  grid.row({"job", "state", "tables", "rows", "updated", "label"});
  for (const JobStatus& job : jobs) {
    grid.row({job.job, job.state, fmt::format("{}/{}", job.tables_done, job.tables),
              with_commas(job.rows), job.updated, printable(job.label)});
  }
  return grid.text();
}

std::string job_text(const JobStatus& job) {
  Grid grid({Align::left, Align::left});
  const auto field = [&grid](const char* name, const std::string& value) {
    if (!value.empty()) grid.row({name, value});
  };
  field("job", job.job);
  field("verb", job.verb);
  field("label", printable(job.label));
  field("state", job.state + (job.pid > 0 ? fmt::format(" (process {})", job.pid) : ""));
  field("started", job.started);
  field("updated", job.updated);
  field("tables",
        fmt::format("{} of {} done", with_commas(job.tables_done), with_commas(job.tables)) +
            (job.tables_failed > 0 ? fmt::format(", {} failed", job.tables_failed) : ""));
  field("rows",
        fmt::format("{} landed of about {}", with_commas(job.rows), with_commas(job.rows_total)));
  field("bytes", human_bytes(static_cast<double>(job.bytes)));
  field("message", printable(job.message));
  field("dir", job.dir.string());
  return grid.text();
}

}  // namespace rowferry
