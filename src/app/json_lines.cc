#include "app/json_lines.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>

#include "app/log.h"

namespace rowferry {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

// "2026-03-01T10:00:00.123Z".
std::string now_text() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
  const auto millis = now.time_since_epoch().count() % 1000;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), millis);
}

// Names that are not UTF-8 lose the bytes in question, not the line.
std::string line_of(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void print(const char* event, const Json& fields) {
  Json object = {{"v", kVersion}, {"event", event}, {"at", now_text()}};
  object.update(fields);
  const std::string line = line_of(object);
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

Json json_of(const Error& error) {
  Json object = {
      {"kind", name_of(error.kind())}, {"code", error.code()}, {"message", error.message()}};
  if (!error.native().empty()) object["native"] = error.native();
  if (!error.where().empty()) object["where"] = error.where();
  if (!error.hint().empty()) object["hint"] = error.hint();
  return object;
}

Json json_of(const std::vector<Error>& errors) {
  Json list = Json::array();
  for (const Error& error : errors) list.push_back(json_of(error));
  return list;
}

std::vector<std::string> texts_of(const std::vector<Loss>& losses) {
  std::vector<std::string> texts;
  texts.reserve(losses.size());
  for (const Loss& loss : losses) texts.push_back(loss.text);
  return texts;
}

// Stable, unlike the words that people read.
std::string_view code_of(TableState state) {
  switch (state) {
    case TableState::done:
      return "done";
    case TableState::earlier:
      return "earlier";
    case TableState::not_one_point:
      return "not_one_point";
    case TableState::failed:
      return "failed";
    case TableState::unfinished:
      return "unfinished";
  }
  return "";
}

Json json_of(const TableReport& table) {
  return {{"source", to_string(table.source)}, {"target", to_string(table.target)},
          {"state", code_of(table.state)},     {"rows", table.rows},
          {"rows_moved", table.rows_moved},    {"bytes", table.bytes},
          {"seconds", table.seconds},          {"rejects", table.rejects},
          {"left_out", table.left_out},        {"reject_file", table.reject_file},
          {"errors", json_of(table.errors)},   {"not_carried", texts_of(table.not_carried)}};
}

Json json_of(const TablePlan& table) {
  return {{"source", to_string(table.read.table.name)},
          {"target", to_string(table.write.name)},
          {"rows", table.read.table.rows},
          {"bytes", table.read.table.bytes},
          {"cut", describe(table.read.cut)},
          {"pages", table.pages.size()},
          {"exists", table.exists},
          {"has_rows", table.has_rows},
          {"errors", json_of(table.errors)},
          {"not_carried", texts_of(table.not_carried)}};
}

Json json_of(const Finding& finding) {
  return {{"severity", name_of(finding.severity)},
          {"code", finding.code},
          {"end", finding.end},
          {"where", finding.where},
          {"message", finding.message},
          {"hint", finding.hint},
          {"count", finding.count},
          {"keys", finding.keys}};
}

Json json_of(const Statement& statement) {
  return {{"stage", stage_name(statement.stage)},
          {"table", to_string(statement.table)},
          {"name", statement.name},
          {"sql", statement.sql}};
}

// Of a VerifiedTable or SyncedTable, with what was found first.
template <typename T>
Json found_in(const T& table) {
  return {{"source", to_string(table.source)},
          {"target", to_string(table.target)},
          {"by", table.by},
          {"source_rows", table.compared.source_rows},
          {"target_rows", table.compared.target_rows},
          {"only_source", table.compared.only_source},
          {"only_target", table.compared.only_target},
          {"changed", table.compared.changed},
          {"unreadable", table.compared.unreadable},
          {"left_alone", table.compared.left_alone},
          {"in_flight", table.compared.in_flight},
          {"moving", table.compared.moving},
          {"bytes", table.compared.bytes},
          {"statements", table.compared.statements},
          {"cells", table.compared.cells},
          {"seconds", table.compared.seconds},
          {"fetch_seconds", table.compared.fetch_seconds},
          {"notes", texts_of(table.notes)},
          {"errors", json_of(table.errors)}};
}

Json json_of(const VerifiedTable& table) {
  Json fields = found_in(table);
  fields["verdict"] = name_of(table.verdict);
  fields["how"] = table.how;
  fields["passed_over"] = table.compared.passed_over;
  fields["earlier_rows"] = table.earlier_rows;
  return fields;
}

std::string_view name_of(Change change) {
  switch (change) {
    case Change::insert:
      return "insert";
    case Change::update:
      return "update";
    case Change::remove:
      return "delete";
  }
  return "";
}

Json json_of(const SyncedTable& table) {
  Json fields = found_in(table);
  fields["state"] = name_of(table.state);
  fields["inserted"] = table.repaired.inserted;
  fields["updated"] = table.repaired.updated;
  fields["deleted"] = table.repaired.removed;
  fields["refused"] = table.repaired.refused;
  fields["bytes"] = table.bytes;
  fields["seconds"] = table.seconds;
  fields["fetch_seconds"] = table.fetch_seconds;
  fields["write_seconds"] = table.repaired.seconds;
  const Compared& last = table.left.ended ? table.left : table.compared;
  fields["left"] = last.differences();
  fields["left_alone"] = last.left_alone;
  fields["in_flight"] = last.in_flight;
  fields["moving"] = last.moving;
  fields["pages_left"] = last.pages.size();
  Json refused = Json::array();
  for (const Unrepaired& row : table.repaired.first) {
    refused.push_back({{"change", name_of(row.change)},
                       {"key", row.key},
                       {"code", row.code},
                       {"reason", row.reason}});
  }
  fields["first_refused"] = refused;
  fields["altered"] = table.altered;
  return fields;
}

Json json_of(const JobStatus& job) {
  return {{"job", job.job},
          {"verb", job.verb},
          {"label", job.label},
          {"state", job.state},
          {"started", job.started},
          {"updated", job.updated},
          {"pid", job.pid},
          {"tables", job.tables},
          {"tables_done", job.tables_done},
          {"tables_failed", job.tables_failed},
          {"rows", job.rows},
          {"rows_total", job.rows_total},
          {"bytes", job.bytes},
          {"message", job.message},
          {"code", job.code},
          {"dir", job.dir.string()}};
}

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  Json list = Json::array();
  for (const Item& item : items) list.push_back(json_of(item));
  return list;
}

class JsonTerminal : public Terminal {
 public:
  void phase(std::string_view name) override { print("phase", {{"name", name}}); }
  void expect(std::int64_t tables, std::int64_t rows, std::int64_t bytes,
              std::int64_t landed_rows) override {
    print("expect",
          {{"tables", tables}, {"rows", rows}, {"bytes", bytes}, {"landed_rows", landed_rows}});
  }
  void table_started(const TableName& table) override {
    print("table_started", {{"table", to_string(table)}});
  }
  void page_landed(const TableName& table, std::int64_t rows, std::int64_t bytes) override {
    print("page", {{"table", to_string(table)}, {"rows", rows}, {"bytes", bytes}});
  }
  void table_finished(const TableReport& report) override { print("table", json_of(report)); }
  void note(std::string_view text) override {
    print("note", {{"text", text}});
    log_to_file(text);
  }
  void say(std::string_view line) override {
    std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
    log_to_file(line);
  }
  void close() override {}
};

}  // namespace

std::unique_ptr<Terminal> make_json_terminal() {
  return std::make_unique<JsonTerminal>();
}

void print_json(const CopyReport& report, Exit exit, const std::string& resume_command) {
  Json fields = {{"status", static_cast<int>(exit)},
                 {"job", report.job},
                 {"dir", report.dir.string()},
                 {"finished_before", report.finished_before},
                 {"finished_short", report.finished_short},
                 {"resumed", report.resumed},
                 {"interrupted", report.interrupted},
                 {"not_one_point", report.not_one_point},
                 {"sync_commands", report.sync_commands},
                 {"seconds", report.seconds},
                 {"tables", list_of(report.tables)},
                 {"not_carried", texts_of(report.not_carried)}};
  for (const Finding& finding : report.blockers) print("finding", json_of(finding));
  if (!report.blockers.empty()) fields["blockers"] = report.blockers.size();
  if (report.interrupted) fields["resume_command"] = resume_command;
  print("result", fields);
}

void print_json(const Plan& plan, Exit exit) {
  print("plan", {{"status", static_cast<int>(exit)},
                 {"job", plan.job},
                 {"source", plan.source},
                 {"target", plan.target},
                 {"tables", list_of(plan.tables)},
                 {"statements", list_of(plan.statements)},
                 {"not_carried", texts_of(plan.not_carried)},
                 {"existing", plan.existing}});
}

void print_json(const CheckReport& report, Exit exit) {
  for (const Finding& finding : report.findings) print("finding", json_of(finding));
  print("result", {{"status", static_cast<int>(exit)},
                   {"source", report.source},
                   {"source_product", report.source_product},
                   {"target", report.target},
                   {"target_product", report.target_product},
                   {"tables", report.tables},
                   {"probed", report.probed},
                   {"rows_read", report.rows_read},
                   {"blockers", report.count(Severity::blocker)},
                   {"warnings", report.count(Severity::warning)},
                   {"seconds", report.seconds}});
}

namespace {

template <typename T>
void print_difference(const T& table, const Difference& difference) {
  Json fields = {{"source", to_string(table.source)},
                 {"target", to_string(table.target)},
                 {"what", name_of(difference.what)},
                 {"key", difference.key},
                 {"columns", difference.columns}};
  if (!difference.reason.empty()) fields["reason"] = difference.reason;
  print("difference", fields);
}

}  // namespace

void print_json(const VerifiedTable& table, const Difference& difference) {
  print_difference(table, difference);
}

void print_json(const SyncedTable& table, const Difference& difference) {
  print_difference(table, difference);
}

void print_json(const SyncReport& report, Exit exit) {
  for (const SyncedTable& table : report.tables) print("synced", json_of(table));
  print("result", {{"status", static_cast<int>(exit)},
                   {"tables", list_of(report.tables)},
                   {"dry_run", report.dry_run},
                   {"not_proven", report.not_proven},
                   {"not_one_point", report.not_one_point},
                   {"interrupted", report.interrupted},
                   {"seconds", report.seconds}});
}

void print_json(const VerifyReport& report, Exit exit) {
  for (const VerifiedTable& table : report.tables) print("verified", json_of(table));
  print("result", {{"status", static_cast<int>(exit)},
                   {"tables", list_of(report.tables)},
                   {"not_one_point", report.not_one_point},
                   {"interrupted", report.interrupted},
                   {"seconds", report.seconds}});
}

void print_json(const std::vector<JobStatus>& jobs) {
  for (const JobStatus& job : jobs) print("job", json_of(job));
}

void print_json(const Error& error, Exit exit) {
  Json fields = json_of(error);
  fields["status"] = static_cast<int>(exit);
  print("error", fields);
}

void print_json_ddl(const std::string& sql) {
  print("ddl", {{"sql", sql}});
}

void print_json_left(const std::string& job, const std::vector<std::string>& left, bool removed) {
  print("left", {{"job", job}, {"left", left}, {"removed", removed}});
}

}  // namespace rowferry
