#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflow/check.h"
#include "workflow/copy.h"
#include "workflow/status.h"

// Results as text for people, and what they mean to a script. Pure functions.
namespace rowferry {

// Exit status, as documented in docs/cli.md.
enum class Exit {
  done = 0,
  differs = 1,
  usage = 2,
  failed = 3,
  ambiguous = 4,
  interrupted = 130,
};

Exit exit_of(ErrorKind kind);
Exit exit_of(const CopyReport& report);
Exit exit_of(const Plan& plan);
Exit exit_of(const CheckReport& report);

// "tables", "foreign keys": for headings and JSON.
std::string_view stage_name(Statement::Stage stage);

// A line for people and, if there is one, the hint in a second; no newline at the end.
std::string error_text(const Error& error);

// The table of tables, the total, and what was not carried or went wrong. `rows`: whether any were
// to be moved.
std::string report_text(const CopyReport& report, bool rows);
std::string total_line(const CopyReport& report, bool rows);
// Only what went wrong; may be empty.
std::string failures_text(const CopyReport& report);

// What both ends say of themselves, what stands in the way, and how much of that there is. `brief`:
// blockers and the last line only.
std::string check_text(const CheckReport& report, bool brief);
// Findings of one severity, a group for each code and hint.
std::string findings_text(const std::vector<Finding>& findings, Severity severity);

// What would be done, without the DDL.
std::string plan_text(const Plan& plan, bool pages);
std::string statements_text(const std::vector<Statement>& statements);

std::string jobs_text(const std::vector<JobStatus>& jobs);
std::string job_text(const JobStatus& job);

}  // namespace rowferry
