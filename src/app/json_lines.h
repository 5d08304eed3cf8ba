#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/report.h"
#include "app/terminal.h"
#include "workflow/sync.h"

// --output json: one JSON object a line on standard output, documented in docs/output.md. Each
// function prints one line (print_jobs: one per job) and may be called from any thread.
namespace rowferry {

// Tells programs: events on standard output. say() still speaks to people on standard error.
std::unique_ptr<Terminal> make_json_terminal();

void print_json(const CopyReport& report, Exit exit, const std::string& resume_command);
void print_json(const Plan& plan, Exit exit);
// One line a finding, and the result.
void print_json(const CheckReport& report, Exit exit);
void print_json(const VerifiedTable& table, const Difference& difference);
// One line a table, and the result.
void print_json(const VerifyReport& report, Exit exit);
void print_json(const SyncedTable& table, const Difference& difference);
// One line a table, and the result.
void print_json(const SyncReport& report, Exit exit);
void print_json(const std::vector<JobStatus>& jobs);
void print_json(const Error& error, Exit exit);
void print_json_ddl(const std::string& sql);
void print_json_left(const std::string& job, const std::vector<std::string>& left, bool removed);

}  // namespace rowferry
