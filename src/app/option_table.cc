#include "app/option_table.h"

#include <array>

#include "app/examples.h"
#include "app/option_values.h"
#include "core/error.h"

namespace rowferry {

namespace {

using Text = const std::string&;

constexpr const char* kSelection = "Which tables and rows";
constexpr const char* kTarget = "What to do at the target";
constexpr const char* kRun = "How to run";
constexpr const char* kOutput = "Output";

constexpr int kMostJobs = 256;
constexpr int kMostRetries = 1000;
constexpr int kMostMaxRejects = 1'000'000;
constexpr int kMostSeconds = 86400;
constexpr int kMostShown = 1000;
constexpr int kMostLast = 1'000'000'000;
constexpr int kMostLoad = 1'000'000;

constexpr auto kThrottled = kCopy | kVerify | kSync;

// Files named by an option are meant from where the user stands.
std::filesystem::path path_of(Text text) {
  if (text.empty()) throw Error(ErrorKind::usage, "option.value", "the path is empty");
  return std::filesystem::absolute(text).lexically_normal();
}

template <typename Map, typename Value>
void put_once(Map& map, Text key, Value value) {
  if (map.emplace(key, std::move(value)).second) return;
  throw Error(ErrorKind::usage, "option.twice", "'" + key + "' is given twice");
}

void add_where(Options& options, Text text) {
  auto [pattern, condition] = parse_pair(text);
  put_once(options.request.selection.where, pattern, condition);
}

void add_columns(Options& options, Text text) {
  const auto [pattern, names] = parse_pair(text);
  put_once(options.request.selection.columns, pattern, parse_list(names));
}

void add_min_age(Options& options, Text text) {
  const auto [column, age] = parse_pair(text);
  put_once(options.request.min_age, column, parse_duration(age));
}

// A switch that may be given the time to wait.
void set_settle(Options& options, Text text) {
  constexpr std::chrono::seconds kPause{1};
  const bool digit = text.size() > 1 && text[0] >= '0' && text[0] <= '9';
  if (digit) {
    options.request.settle = parse_duration(text);
  } else if (parse_switch(text)) {
    options.request.settle = kPause;
  } else {
    options.request.settle.reset();
  }
}

void add_modified(Options& options, Text text) {
  if (text.empty()) throw Error(ErrorKind::usage, "option.value", "the column has no name");
  const bool of_table = text.find('=') != std::string::npos;
  options.sync.modified.push_back(of_table ? parse_pair(text) : std::pair(std::string(), text));
}

constexpr OptionRow kOptions[] = {
    {"table", 't', "PATTERN", true, kEnds, kSelection,
     "Only the tables that match: a glob over SCHEMA.TABLE or TABLE, or a /regular expression/",
     [](Options& o, Text v) { o.request.selection.tables.push_back(v); }},
    {"exclude", 0, "PATTERN", true, kEnds, kSelection, "Leave out the tables that match",
     [](Options& o, Text v) { o.request.selection.excludes.push_back(v); }},
    {"where", 0, "TABLE=CONDITION", true, kEnds, kSelection,
     "Only the rows of TABLE that meet a condition in the source's SQL", add_where},
    {"columns", 0, "TABLE=A,B", true, kEnds, kSelection, "Only these columns of TABLE",
     add_columns},
    {"map", 0, "OLD=NEW", true, kEnds, kSelection,
     "Call table OLD NEW at the target; 'dbo.*=x.*' for a whole schema",
     [](Options& o, Text v) { o.request.selection.maps.push_back(parse_pair(v)); }},
    {"rule", 0, "[SCOPE:]SUBJECT=DECISION", true, kEnds, kSelection,
     "Decide otherwise: zero-date=null, tinyint(1)=boolean, shop.orders.note:too-long=truncate",
     [](Options& o, Text v) { o.request.rules.push_back(parse_pair(v)); }},

    {"existing", 0, "refuse|append|truncate|drop", false, kMoves | kCheck, kTarget,
     "What to do with target tables that hold rows (default refuse)",
     [](Options& o, Text v) {
       o.request.existing =
           static_cast<Existing>(parse_choice(v, {"refuse", "append", "truncate", "drop"}));
     }},
    {"data-only", 0, "", false, kCopy | kCheck, kTarget,
     "Load rows into tables that are there; no DDL",
     [](Options& o, Text v) { o.request.data_only = parse_switch(v); }},
    {"section", 0, "tables|keys|all", false, kSchema, kTarget,
     "Make tables, or indexes and keys, or all (default all)",
     [](Options& o, Text v) {
       o.request.section = static_cast<Section>(parse_choice(v, {"tables", "keys", "all"}));
     }},
    {"print", 0, "", false, kSchema, kTarget, "Print the DDL for the target instead of running it",
     [](Options& o, Text v) { o.print = parse_switch(v); }},
    {"dry-run", 0, "", false, kMoves | kSync, kTarget,
     "Print what would be done and change nothing",
     [](Options& o, Text v) { o.dry_run = parse_switch(v); }},
    {"print-sql", 0, "", false, kSync, kTarget,
     "Print a script that makes the same changes at the target, and change nothing",
     [](Options& o, Text v) { o.print_sql = parse_switch(v); }},
    {"alter", 0, "", false, kSync, kTarget,
     "First add columns that the target lacks, and widen those that take less than the source's",
     [](Options& o, Text v) { o.sync.alter = parse_switch(v); }},
    {"no-insert", 0, "", false, kSync, kTarget, "Insert no rows that only the source has",
     [](Options& o, Text v) { o.sync.inserts = !parse_switch(v); }},
    {"no-update", 0, "", false, kSync, kTarget, "Leave rows that differ as they are",
     [](Options& o, Text v) { o.sync.updates = !parse_switch(v); }},
    {"no-delete", 0, "", false, kSync, kTarget, "Delete no rows that only the target has",
     [](Options& o, Text v) { o.sync.removes = !parse_switch(v); }},
    {"lite", 0, "", false, kSync, kTarget,
     "Carry over new and changed rows past the marks of earlier runs only; proves nothing",
     [](Options& o, Text v) { o.sync.lite = parse_switch(v); }},
    {"modified", 0, "[TABLE=]COLUMN", true, kSync, kTarget,
     "The column that says when a row was changed, for --lite (default: the usual names)",
     add_modified},
    {"wait", 0, "", false, kSync, kRun,
     "Wait for another sync into one of the tables instead of failing",
     [](Options& o, Text v) { o.sync.wait = parse_switch(v); }},
    {"probe", 0, "", false, kCheck, kTarget,
     "Read the selected rows, too, and check each value against what the target holds",
     [](Options& o, Text v) { o.probe = parse_switch(v); }},
    {"yes", 0, "", false, kCleanup, kTarget, "Remove without asking",
     [](Options& o, Text v) { o.yes = parse_switch(v); }},

    {"jobs", 'j', "N", false, kEnds, kRun, "Pages at a time (default 2)",
     [](Options& o, Text v) { o.request.jobs = parse_number(v, 1, kMostJobs); }},
    {"page-size", 0, "SIZE", false, kCopy | kVerify | kSync, kRun,
     "Rows (50000) or bytes (16MB, 64KiB) of a page (default 16MiB; verify and sync: 2MiB at most)",
     [](Options& o, Text v) { o.request.page_size = parse_page_size(v); }},
    {"max-rate", 0, "SIZE", false, kThrottled, kRun,
     "Bytes of rows a second, over all sessions (20MB, 512KiB)",
     [](Options& o, Text v) { o.request.limits.rate = parse_rate(v); }},
    {"max-lag", 0, "SECONDS", false, kThrottled, kRun,
     "Wait while a replica of either end is further behind",
     [](Options& o, Text v) { o.request.limits.lag = parse_number(v, 1, kMostSeconds); }},
    {"max-load", 0, "N", false, kThrottled, kRun,
     "Wait while more sessions of others are at work at either end",
     [](Options& o, Text v) { o.request.limits.load = parse_number(v, 0, kMostLoad); }},
    {"restart", 0, "", false, kCopy | kVerify, kRun,
     "Forget what earlier runs of this job landed, or compared; begin again",
     [](Options& o, Text v) { o.request.restart = parse_switch(v); }},
    {"resume", 0, "", false, kCopy, kRun, "Fail when there is nothing to go on with",
     [](Options& o, Text v) { o.request.resume = parse_switch(v); }},
    {"retries", 0, "N", false, kEnds, kRun, "Times to try a page again (default 3)",
     [](Options& o, Text v) { o.request.retries = parse_number(v, 0, kMostRetries); }},
    {"max-rejects", 0, "N", false, kCopy, kRun,
     "Rows of a table that may be left out, listed in its reject file (default 0)",
     [](Options& o, Text v) { o.request.max_rejects = parse_number(v, 0, kMostMaxRejects); }},
    {"lock-timeout", 0, "SECONDS", false, kEnds | kCleanup, kRun,
     "Longest wait for a lock on a server (default 30)",
     [](Options& o, Text v) { o.request.lock_seconds = parse_number(v, 1, kMostSeconds); }},
    {"allow-inconsistent", 0, "", false, kCopy | kCheck | kVerify | kSync, kRun,
     "Read with several sessions even where the source cannot show them one state",
     [](Options& o, Text v) { o.request.allow_inconsistent = parse_switch(v); }},
    {"settle", 0, "", false, kVerify | kSync, kRun,
     "Look at what differs a second time, after a second or --settle=TIME (10s, 5m): only rows "
     "that "
     "differ both times count",
     set_settle},
    {"min-age", 0, "COLUMN=AGE", true, kVerify | kSync, kRun,
     "Leave rows alone whose COLUMN, or TABLE.COLUMN, is younger than AGE (30s, 5m, 2h, 7d) on one "
     "side",
     add_min_age},
    {"dir", 0, "DIR", false, kAll, kRun,
     "Where jobs are kept (default $XDG_STATE_HOME/rowferry or ~/.local/state/rowferry)",
     [](Options& o, Text v) { o.request.dir = path_of(v); }},
    {"zoom", 0, "ROWS[,ROWS]", false, kVerify | kSync, kRun,
     "Rows of the pages that are compared, and of those that a differing page is cut into, in "
     "turn: "
     "1000,1 ends with single rows, 100 transfers differing pages whole",
     [](Options& o, Text v) { o.request.zoom = parse_zoom(v); }},
    {"sample", 0, "P%", false, kVerify, kSelection,
     "Compare this share of the pages only: a quick look, and no proof",
     [](Options& o, Text v) { o.verify.sample = parse_share(v); }},
    {"last", 0, "N", false, kVerify, kSelection,
     "Compare the N highest keys of either side only: a quick look, and no proof",
     [](Options& o, Text v) { o.verify.last = parse_number(v, 1, kMostLast); }},
    {"digests", 0, "auto|servers|here", false, kVerify | kSync, kRun,
     "Where rows are digested: here, they are read for that (default auto: in servers, where that "
     "is proven exact and takes less)",
     [](Options& o, Text v) {
       o.request.digests = static_cast<Digests>(parse_choice(v, {"auto", "servers", "here"}));
     }},
    {"strong", 0, "", false, kVerify | kSync, kRun,
     "Digests of 128 bits even where servers of one kind have cheaper ones of 64",
     [](Options& o, Text v) { o.request.strong = parse_switch(v); }},
    {"ask-password", 0, "", false, kEnds | kCleanup, kRun,
     "Ask on the terminal for passwords that the ends lack",
     [](Options& o, Text v) { o.ask_password = parse_switch(v); }},
    {"config", 0, "FILE", false, kAll, kRun,
     "Read options and ends from a TOML file (default $XDG_CONFIG_HOME/rowferry/config.toml or "
     "~/.config/rowferry/config.toml, if it is there)",
     [](Options&, Text) {}},

    {"show", 0, "N", false, kVerify | kSync, kOutput,
     "Differences of a table to name in the report (default 10); JSON lines name all",
     [](Options& o, Text v) { o.show = parse_number(v, 0, kMostShown); }},
    {"output", 0, "text|json", false, kAll, kOutput,
     "Text for people, or JSON lines on standard output (default text)",
     [](Options& o, Text v) {
       o.output = static_cast<Output>(parse_choice(v, {"text", "json"}));
     }},
    {"verbose", 'v', "", false, kAll, kOutput, "Say more",
     [](Options& o, Text v) { o.verbose = parse_switch(v); }},
    {"quiet", 'q', "", false, kAll, kOutput, "Say only errors and the total",
     [](Options& o, Text v) { o.quiet = parse_switch(v); }},
    {"log-file", 0, "FILE", false, kAll, kOutput,
     "Append everything that is said to FILE, with times",
     [](Options& o, Text v) { o.log_file = path_of(v); }},
};

const std::array<VerbRow, 7>& verbs() {
  static const std::array<VerbRow, 7> rows = {{
      {Verb::check,
       kCheck,
       "check",
       "Say whether a copy would work: privileges, settings, schema, and values with --probe",
       {{"SOURCE", true}, {"TARGET", true}},
       kCheckExamples},
      {Verb::copy,
       kCopy,
       "copy",
       "Move tables: schema, rows, indexes, keys; parallel and resumable",
       {{"SOURCE", true}, {"TARGET", true}},
       kCopyExamples},
      {Verb::schema,
       kSchema,
       "schema",
       "Make the tables and keys only, or print their DDL",
       {{"SOURCE", true}, {"TARGET", true}},
       kSchemaExamples},
      {Verb::verify,
       kVerify,
       "verify",
       "Prove that every row of both sides is equal, or name those that differ; changes nothing",
       {{"SOURCE", true}, {"TARGET", true}},
       kVerifyExamples},
      {Verb::sync,
       kSync,
       "sync",
       "Change rows of the target, and only those that differ, until both sides are equal",
       {{"SOURCE", true}, {"TARGET", true}},
       kSyncExamples},
      {Verb::status,
       kStatus,
       "status",
       "Show jobs and how far they are",
       {{"JOB", false}},
       kStatusExamples},
      {Verb::cleanup,
       kCleanup,
       "cleanup",
       "List, then remove, what a job left behind",
       {{"JOB", true}, {"TARGET", false}},
       kCleanupExamples},
  }};
  return rows;
}

constexpr Exclusion kExclusions[] = {
    {"restart", "resume"}, {"verbose", "quiet"},  {"print", "dry-run"}, {"zoom", "page-size"},
    {"sample", "last"},    {"lite", "print-sql"}, {"lite", "settle"},   {"lite", "min-age"}};

}  // namespace

std::span<const OptionRow> option_table() {
  return kOptions;
}

std::span<const VerbRow> verb_table() {
  return verbs();
}

std::span<const Exclusion> exclusions() {
  return kExclusions;
}

}  // namespace rowferry
