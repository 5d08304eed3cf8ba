#include "workflow/sync_copies.h"

#include <algorithm>
#include <map>

namespace rowferry {

SyncCopies::SyncCopies(const Request& request, const Surroundings& surroundings, const Ends& ends,
                       const SyncWish& wish, SyncReport& report)
    : request_(request), surroundings_(surroundings), ends_(ends), wish_(wish), report_(report) {}

// The request for a copy of these tables of the selection.
Request SyncCopies::only(const std::set<TableName>& sources) const {
  Request request = request_;
  request.selection.only = sources;
  return request;
}

// The request for a copy into the table that is there.
Request SyncCopies::in_place(const TableName& source) const {
  Request request = only({source});
  request.existing = Existing::truncate;
  request.data_only = true;
  return request;
}

void SyncCopies::find_begun() {
  const auto ledger = ends_.to.ledger(ends_.target, ends_.target_options);
  std::map<std::string, std::set<TableName>> begun;  // by job, by the target's names
  for (const Unfinished& table : ledger->unfinished()) begun[table.job].insert(table.table);
  for (const auto& [job, tables] : begun) sort_out(job, tables);
}

void SyncCopies::sort_out(const std::string& job, const std::set<TableName>& tables) {
  std::set<TableName> sources;
  for (const SyncedTable& table : report_.tables) {
    if (tables.count(table.target) > 0) sources.insert(table.source);
  }
  const bool all = wish_.inserts && wish_.updates && wish_.removes && !wish_.lite;
  if (!sources.empty() && job_of(ends_, only(sources)) == job) {
    missing_.insert(sources.begin(), sources.end());
    begun_jobs_.push_back(std::move(sources));
  } else if (all && !wish_.dry_run && sources.size() == 1 &&
             job_of(ends_, in_place(*sources.begin())) == job) {
    begun_.insert(*sources.begin());
  } else {
    refuse(tables, job);
  }
}

void SyncCopies::refuse(const std::set<TableName>& tables, const std::string& job) {
  for (SyncedTable& table : report_.tables) {
    if (tables.count(table.target) == 0) continue;
    table.errors.push_back(
        Error(ErrorKind::conflict, "copy.unfinished",
              "a copy into this table has not ended: job " + job)
            .at("table " + to_string(table.target))
            .hint("run that copy, or sync without limits, again until it ends, or"
                  " forget it: rowferry cleanup " +
                  job + " TARGET"));
  }
}

void SyncCopies::copy_missing() {
  if (missing_.empty() || wish_.dry_run || !wish_.inserts) return;
  std::set<TableName> rest = missing_;
  for (const std::set<TableName>& tables : begun_jobs_) {
    for (const TableName& table : tables) rest.erase(table);
  }
  if (!rest.empty()) begun_jobs_.push_back(std::move(rest));
  for (const std::set<TableName>& tables : begun_jobs_) {
    if (!report_.interrupted) copy_tables(tables);
  }
}

void SyncCopies::copy_tables(const std::set<TableName>& sources) {
  const CopyReport made = copy(only(sources), surroundings_);
  std::map<TableName, const TableReport*> reports;
  for (const TableReport& table : made.tables) reports.emplace(table.source, &table);
  for (SyncedTable& table : report_.tables) {
    if (sources.count(table.source) == 0) continue;
    // What kept the copy from beginning.
    for (const Finding& finding : made.blockers) {
      table.errors.push_back(Error(ErrorKind::schema, finding.code, finding.message)
                                 .at(finding.where)
                                 .hint(finding.hint));
    }
    const auto found = reports.find(table.source);
    if (found == reports.end()) continue;
    table.errors = found->second->errors;
    table.repaired.inserted = found->second->rows_moved;
    table.by = "copied";
    const TableState state = found->second->state;
    if (state == TableState::done || state == TableState::earlier) copied_.insert(table.source);
  }
  report_.interrupted = made.interrupted;
}

bool SyncCopies::replace(SyncedTable& table) {
  std::string refusal;
  try {
    refusal = try_to_replace(table);
  } catch (const Error& error) {
    const bool of_table = error.kind() == ErrorKind::auth || ends_table_only(error.kind());
    if (!of_table || is_unfinished(table.target)) throw;
    refusal = error.message();
  }
  if (refusal.empty()) return true;
  table.notes.push_back({"table.not_replaced",
                         "most of its rows differ, and it could not be copied whole: " + refusal});
  return false;
}

// Why it could not be begun; empty when the table is there, or failed on the way.
std::string SyncCopies::try_to_replace(SyncedTable& table) {
  Request request = in_place(table.source);
  request.restart = !is_begun(table.source);
  const CopyReport made = copy(request, surroundings_);
  if (made.interrupted) throw interrupted();
  if (!made.blockers.empty()) return made.blockers.front().message;
  for (const TableReport& copied : made.tables) {
    if (copied.source != table.source) continue;
    if (!copied.errors.empty() && !is_unfinished(table.target)) {
      return copied.errors.front().message();
    }
    table.errors.insert(table.errors.end(), copied.errors.begin(), copied.errors.end());
    table.repaired.inserted += copied.rows_moved;
    table.notes.push_back(
        {"table.replaced", "most of its rows differed: it was emptied and copied whole"});
  }
  return "";
}

bool SyncCopies::is_unfinished(const TableName& target) const {
  const auto ledger = ends_.to.ledger(ends_.target, ends_.target_options);
  const std::vector<Unfinished> all = ledger->unfinished();
  return std::any_of(all.begin(), all.end(),
                     [&](const Unfinished& table) { return table.table == target; });
}

Copied SyncCopies::state(const TableName& source) const {
  if (!is_missing(source)) return Copied::no_need;
  return copied_.count(source) > 0 ? Copied::done : Copied::not_yet;
}

}  // namespace rowferry
