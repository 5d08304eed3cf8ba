#include "app/commands.h"

#include <cerrno>
#include <cstdio>

#include "app/json_lines.h"
#include "app/prompt.h"
#include "app/signals.h"
#include "app/sync_report.h"
#include "app/verify_report.h"
#include "workflow/dry_run.h"
#include "workflow/schema.h"

namespace rowferry {

namespace {

constexpr const char* kStopping =
    "stopping: finishing or rolling back the pages in flight, ^C again to quit at once";

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

// Half a script must not seem to be a whole one.
void put_script(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() || errno == EPIPE) return;
  throw Error(ErrorKind::transient, "output.write", "cannot write to standard output");
}

bool json(const Options& options) {
  return options.output == Output::json;
}

Surroundings surroundings_of(const Face& face) {
  return {.engines = face.engines, .progress = face.terminal};
}

Exit finish(const Options& options, const Face& face, const CopyReport& report) {
  const bool rows = options.verb == Verb::copy;
  const Exit exit = exit_of(report);
  face.terminal.close();
  if (json(options)) {
    print_json(report, exit, options.command);
  } else if (options.quiet) {
    const std::string failures = failures_text(report);
    if (!failures.empty()) face.terminal.say(failures.substr(1, failures.size() - 2));
    if (rows) print(total_line(report, rows));
  } else {
    print(report_text(report, rows));
  }
  std::fflush(stdout);
  if (report.interrupted) face.terminal.say(resume_text(options));
  return exit;
}

Exit finish_plan(const Options& options, const Face& face, const Plan& plan, bool pages,
                 const std::string& ddl) {
  const Exit exit = exit_of(plan);
  face.terminal.close();
  if (json(options)) {
    print_json(plan, exit);
  } else {
    print(plan_text(plan, pages) + ddl);
  }
  return exit;
}

Exit print_ddl(const Options& options, const Face& face) {
  const std::string sql = print_schema(options.request, surroundings_of(face));
  face.terminal.close();
  if (json(options)) {
    print_json_ddl(sql);
  } else {
    print(sql);
  }
  return Exit::done;
}

// A plan of `schema` has the statements of its section only, which print_schema knows.
Exit plan_schema(const Options& options, const Face& face) {
  const Plan plan = plan_copy(options.request, surroundings_of(face), false);
  std::string ddl;
  if (!json(options)) ddl = "\n" + print_schema(options.request, surroundings_of(face));
  return finish_plan(options, face, plan, false, ddl);
}

void list_left(const Options& options, const std::vector<std::string>& left) {
  if (left.empty()) {
    print("job " + options.job + " left nothing\n");
    return;
  }
  print("job " + options.job + " left:\n");
  for (const std::string& line : left) print("  " + line + "\n");
  std::fflush(stdout);
}

// Whether to remove what was listed.
bool agreed(const Options& options) {
  if (options.yes) return true;
  if (json(options)) return false;
  if (can_ask()) return confirmed("Remove these? [y/N] ");
  print("nothing was removed; run it again with --yes to remove these\n");
  return false;
}

}  // namespace

Exit check_command(Options& options, const Face& face) {
  const Signals signals([&face] { face.terminal.say("stopping"); });
  options.request.stop = signals.token();
  const CheckReport report = check(options.request, surroundings_of(face), options.probe);
  const Exit exit = exit_of(report);
  face.terminal.close();
  if (json(options)) {
    print_json(report, exit);
  } else {
    print(check_text(report, options.quiet));
  }
  return exit;
}

Exit copy_command(Options& options, const Face& face) {
  const Signals signals([&face] { face.terminal.say(kStopping); });
  options.request.stop = signals.token();
  const Surroundings surroundings = surroundings_of(face);
  if (options.dry_run) {
    const Plan plan = plan_copy(options.request, surroundings, true);
    return finish_plan(options, face, plan, true, statements_text(plan.statements));
  }
  return finish(options, face, copy(options.request, surroundings));
}

Exit schema_command(Options& options, const Face& face) {
  const Signals signals([&face] { face.terminal.say(kStopping); });
  options.request.stop = signals.token();
  if (options.print) return print_ddl(options, face);
  if (options.dry_run) return plan_schema(options, face);
  return finish(options, face, schema(options.request, surroundings_of(face)));
}

Exit verify_command(Options& options, const Face& face) {
  const Signals signals([&face] { face.terminal.say("stopping"); });
  options.request.stop = signals.token();
  const auto tell = [&](const VerifiedTable& table, const Difference& difference) {
    if (json(options)) print_json(table, difference);
  };
  options.verify.most = static_cast<std::size_t>(options.show);
  options.verify.explain = options.verbose;
  const VerifyReport report = verify(options.request, surroundings_of(face), options.verify, tell);
  const Exit exit = exit_of(report);
  face.terminal.close();
  if (json(options)) {
    print_json(report, exit);
  } else {
    print(verify_text(report, options.quiet));
  }
  return exit;
}

// Both would stand on standard output.
void refuse_json_with_script(const Options& options) {
  if (!options.print_sql || !json(options)) return;
  throw Error(ErrorKind::usage, "options.exclude",
              "--print-sql and --output json exclude each other")
      .hint("--dry-run --output json tells of each difference");
}

Exit sync_command(Options& options, const Face& face) {
  const Signals signals([&face] { face.terminal.say(kStopping); });
  refuse_json_with_script(options);
  options.request.stop = signals.token();
  options.sync.dry_run = options.dry_run || options.print_sql;
  if (options.print_sql) options.sync.script = put_script;
  options.sync.most = static_cast<std::size_t>(options.show);
  const auto tell = [&](const SyncedTable& table, const Difference& difference) {
    if (json(options)) print_json(table, difference);
  };
  const SyncReport report = sync(options.request, surroundings_of(face), options.sync, tell);
  const Exit exit = exit_of(report);
  face.terminal.close();
  if (json(options)) {
    print_json(report, exit);
  } else if (options.print_sql) {
    face.terminal.say(sync_text(report, options.quiet));
  } else {
    print(sync_text(report, options.quiet));
  }
  if (report.interrupted) face.terminal.say(resume_text(options));
  return exit;
}

Exit status_command(const Options& options) {
  const std::vector<JobStatus> jobs = status(options.request.dir, options.job);
  if (json(options)) {
    print_json(jobs);
  } else if (jobs.empty()) {
    print("no jobs in " + options.request.dir.string() + "\n");
  } else if (options.job.empty()) {
    print(jobs_text(jobs));
  } else {
    for (const JobStatus& job : jobs) print(job_text(job));
  }
  return Exit::done;
}

Exit cleanup_command(const Options& options, const Face& face) {
  const Surroundings surroundings = surroundings_of(face);
  const auto left = cleanup(options.request, surroundings, options.job, false);
  face.terminal.close();
  if (!json(options)) list_left(options, left);
  const bool remove = !left.empty() && agreed(options);
  if (remove) cleanup(options.request, surroundings, options.job, true);
  if (json(options)) {
    print_json_left(options.job, left, remove);
  } else if (remove) {
    print("removed\n");
  }
  return Exit::done;
}

std::string resume_text(const Options& options) {
  std::string text = "interrupted; what has landed stays. To go on:\n  " + options.command;
  if (options.password_left_out) text += "\n(without the password; it must be given again)";
  return text;
}

}  // namespace rowferry
