#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/ends.h"
#include "workflow/request.h"
#include "workflow/sync.h"

namespace rowferry {

enum class Verb { none, check, copy, schema, verify, sync, status, cleanup };
enum class Output { text, json };

// What the user asked for, all sources of options taken together and checked. Never changed after,
// but for passwords asked for and the stop token.
struct Options {
  Verb verb = Verb::none;
  std::string answer;  // with Verb::none: help or version, to be printed
  Request request;     // of the verbs with ends; the target and dir of cleanup; the dir of status
  bool has_target = false;
  std::string job;  // of status and cleanup; may be empty for status
  bool dry_run = false;
  bool print = false;
  bool print_sql = false;
  bool probe = false;
  SyncWish sync;
  VerifyWish verify;
  int show = 10;  // differences of a table that the report names
  bool yes = false;
  bool ask_password = false;
  bool verbose = false;
  bool quiet = false;
  Output output = Output::text;
  std::filesystem::path log_file;
  std::string command;             // that runs the same again, for a shell
  bool password_left_out = false;  // of `command`
};

// Reads the arguments (the program's name first), variables named ROWFERRY_… and the configuration
// file; each option is taken from the first of these that gives it. Throws Error{usage}.
Options parse_options(const std::vector<std::string>& arguments, const Environment& environment);

// Every option of every verb, with its hyphens ("--jobs"), each once, in order.
std::vector<std::string> option_names();

// Every verb, in order of the help text.
std::vector<std::string> verb_names();

}  // namespace rowferry
