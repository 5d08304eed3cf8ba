#include "workflow/status.h"

#include <algorithm>

#include "engine/engines.h"
#include "flow/journal.h"

namespace rowferry {

namespace {

std::vector<std::filesystem::path> job_directories(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> found;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(root, failed)) {
    if (entry.is_directory() && std::filesystem::exists(entry.path() / "lock")) {
      found.push_back(entry.path());
    }
  }
  return found;
}

void add_tables(const std::filesystem::path& dir, JobStatus& status) {
  for (const JournalTable& table : read_tables(dir)) {
    ++status.tables;
    if (table.state.starts_with("done") || table.state.starts_with("not")) ++status.tables_done;
    if (table.state == "failed") ++status.tables_failed;
    status.rows += table.rows;
    status.rows_total += table.total;
    status.bytes += table.bytes;
  }
}

JobStatus status_of(const std::filesystem::path& dir) {
  JobStatus status;
  status.job = dir.filename().string();
  status.dir = dir;
  try {
    const JournalJob job = read_job(dir);
    status.verb = job.verb;
    status.label = job.label;
    status.state = job.state;
    status.started = job.started;
    status.updated = job.updated;
    status.message = job.message;
    status.pid = job.pid;
    add_tables(dir, status);
  } catch (const Error& error) {
    status.state = "damaged";
    status.message = error.line();
    status.code = error.code();
    return status;
  }
  const bool alive = !DirectoryLock(dir).held();
  if (alive) {
    status.state = "running";
    return status;
  }
  status.pid = 0;
  if (status.state == "running" || status.state == "finishing") status.state = "dead";
  return status;
}

}  // namespace

std::vector<JobStatus> status(const std::filesystem::path& dir, const std::string& job) {
  std::vector<JobStatus> jobs;
  for (const std::filesystem::path& path : job_directories(dir)) {
    if (path.filename().string().starts_with(job)) jobs.push_back(status_of(path));
  }
  std::sort(jobs.begin(), jobs.end(),
            [](const JobStatus& a, const JobStatus& b) { return a.updated > b.updated; });
  if (jobs.empty() && !job.empty()) {
    throw Error(ErrorKind::not_found, "job.unknown", "there is no job '" + job + "'")
        .at(dir.string())
        .hint("`rowferry status` lists the jobs; --dir names another place to look");
  }
  return jobs;
}

namespace {

// The job that `name` is, or is the beginning of; `name` itself when this machine knows none.
std::string whole_name(const std::filesystem::path& root, const std::string& name) {
  std::string found;
  for (const std::filesystem::path& path : job_directories(root)) {
    const std::string job = path.filename().string();
    if (job == name) return job;
    if (!job.starts_with(name)) continue;
    if (!found.empty()) {
      throw Error(ErrorKind::usage, "job.name", "several jobs begin with '" + name + "'")
          .hint("give more of its name; `rowferry status` lists the jobs");
    }
    found = job;
  }
  return found.empty() ? name : found;
}

}  // namespace

std::vector<std::string> cleanup(const Request& request, const Surroundings& surroundings,
                                 const std::string& name, bool remove) {
  // What is removed is a directory of this name: the name must not lead anywhere else.
  if (name.empty() || name.find('/') != std::string::npos || name.starts_with('.')) {
    throw Error(ErrorKind::usage, "job.name", "'" + name + "' is not the name of a job")
        .hint("`rowferry status` lists the jobs");
  }
  const std::string job = whole_name(request.dir, name);
  std::vector<std::string> lines;
  const std::filesystem::path dir = request.dir / job;
  const bool known = std::filesystem::exists(dir);
  if (known && !DirectoryLock(dir).held()) {
    throw Error(ErrorKind::conflict, "job.running", "the job is running")
        .at("job " + job)
        .hint("stop it first");
  }
  if (!request.target.scheme.empty()) {
    const Engine& engine = find_engine(surroundings.engines, request.target.scheme);
    EndOptions options;
    options.stop = request.stop;
    options.lock_seconds = request.lock_seconds;
    engine.probe(request.target, options, false);
    for (std::string& line : engine.ledger(request.target, options)->left(job, remove)) {
      lines.push_back(std::move(line) + " at " + request.target.text());
    }
  }
  if (known) {
    const bool unlooked = request.target.scheme.empty() && status_of(dir).state != "finished";
    if (unlooked && remove) {
      throw Error(ErrorKind::usage, "cleanup.target",
                  "the job has not finished, and what it left at its target would stay there")
          .at("job " + job)
          .hint("name the target too: rowferry cleanup " + job + " TARGET --yes");
    }
    if (unlooked) lines.push_back("whatever it left at its target: name that too");
    lines.push_back("directory " + dir.string());
    if (remove) std::filesystem::remove_all(dir);
  }
  return lines;
}

}  // namespace rowferry
