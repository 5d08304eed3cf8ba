#include "workflow/ends.h"

#include <algorithm>

#include "core/fingerprint.h"
#include "engine/engines.h"
#include "workflow/selection.h"

namespace rowferry {

namespace {

// Runs `probe` and says which end it was when it fails.
ServerFacts probed(const Engine& engine, const Url& url, const EndOptions& options, bool create,
                   const char* end) {
  try {
    return engine.probe(url, options, create);
  } catch (Error& error) {
    throw error.at(std::string(end) + " " + url.text());
  }
}

void check_abilities(const Engine& from, const Engine& to, const Url& source, const Url& target) {
  if (!from.snapshot) {
    throw Error(ErrorKind::unsupported, "engine.source",
                source.scheme + ": cannot be a source of rows");
  }
  if (!to.writer || !to.ledger) {
    throw Error(ErrorKind::unsupported, "engine.target", target.scheme + ": cannot be a target");
  }
}

// A job without rules is called what it was called before there were any.
std::string describe_rules(const std::vector<std::pair<std::string, std::string>>& rules) {
  std::string text;
  for (const auto& [left, decision] : rules) text += "r" + left + '\x1e' + decision + '\x1f';
  return text;
}

}  // namespace

JobCard Ends::card() const {
  return {.job = job,
          .source = source_dialect->facts().identity,
          .label = source.text() + " -> " + target.text()};
}

PageSize Ends::page_size(PageSize asked) const {
  const std::int64_t most = target_dialect->rules().page_bytes;
  if (most > 0) asked.bytes = std::min(asked.bytes, most);
  return asked;
}

Ends name_ends(const Request& request, const Surroundings& surroundings) {
  Ends ends{.from = find_engine(surroundings.engines, request.source.scheme),
            .to = find_engine(surroundings.engines, request.target.scheme),
            .source = request.source,
            .target = request.target,
            .source_options = {},
            .target_options = {},
            .source_dialect = nullptr,
            .target_dialect = nullptr,
            .lanes = request.jobs,
            .job = ""};
  check_abilities(ends.from, ends.to, ends.source, ends.target);
  if (ends.to.writers > 0) ends.lanes = std::min(ends.lanes, ends.to.writers);
  ends.source_options = {.stop = request.stop,
                         .readers = ends.lanes,
                         .spares = request.retries,
                         .lock_seconds = request.lock_seconds};
  ends.target_options = ends.source_options;
  ends.source_options.allow_inconsistent = request.allow_inconsistent;
  ends.source_options.wanted = [selector = std::make_shared<const Selector>(request.selection)](
                                   const TableName& table) { return selector->takes(table); };
  return ends;
}

ServerFacts reach_source(const Ends& ends) {
  return probed(ends.from, ends.source, ends.source_options, false, "source");
}

ServerFacts reach_target(const Ends& ends, bool write) {
  return probed(ends.to, ends.target, ends.target_options, write, "target");
}

void introduce(Ends& ends, const Request& request, const ServerFacts& from, const ServerFacts& to) {
  // "storage" tells one file under two names, where the identity goes by name.
  const auto mine = from.settings.find("storage");
  const auto theirs = to.settings.find("storage");
  const bool one_file = mine != from.settings.end() && theirs != to.settings.end() &&
                        from.flavour == to.flavour && mine->second == theirs->second;
  if (from.identity == to.identity || one_file) {
    throw Error(ErrorKind::usage, "ends.same", "source and target are the same database")
        .at(ends.target.text())
        .hint("name another database as the target");
  }
  ends.source_dialect = ends.from.dialect(from);
  ends.target_dialect = ends.to.dialect(to);
  ends.job = job_of(ends, request);
}

std::string job_of(const Ends& ends, const Request& request) {
  const std::string& from = ends.source_dialect->facts().identity;
  const std::string& to = ends.target_dialect->facts().identity;
  const bool in_place = !request.selection.only.empty() && request.data_only;
  return fingerprint(from + '\x1f' + to + '\x1f' + describe(request.selection) +
                     describe_rules(request.rules) + (in_place ? "in place" : ""))
      .substr(0, 12);
}

Ends reach(const Request& request, const Surroundings& surroundings, bool write) {
  Ends ends = name_ends(request, surroundings);
  const ServerFacts from = reach_source(ends);
  const ServerFacts to = reach_target(ends, write);
  introduce(ends, request, from, to);
  return ends;
}

std::unique_ptr<Catalog> target_if_there(const Ends& ends) {
  try {
    ends.to.probe(ends.target, ends.target_options, false);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::not_found) return nullptr;
    throw;
  }
  return ends.to.catalog(ends.target, ends.target_options);
}

}  // namespace rowferry
