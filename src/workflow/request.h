#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/page.h"
#include "core/url.h"
#include "engine/engine.h"
#include "flow/limits.h"
#include "flow/progress.h"

namespace rowferry {

class Throttle;

// Which tables and rows a verb is about, and what they are called on the other side: the same for
// every verb. Patterns are globs over "schema.table" or "table", or /regular expressions/.
struct Selection {
  std::vector<std::string> tables;  // empty: all
  std::vector<std::string> excludes;
  std::map<std::string, std::string> where;                 // pattern -> condition
  std::map<std::string, std::vector<std::string>> columns;  // pattern -> names
  std::vector<std::pair<std::string, std::string>> maps;    // "old" -> "new", "dbo.*" -> "x.*"
  std::set<TableName> only;  // of those that match; empty: all. Not for users
};

enum class Existing { refuse, append, truncate, drop };
enum class Section { tables, keys, all };
enum class Digests { automatic, servers, here };  // where they are taken

// What every verb with two ends is given. Filled from the command line, never changed after.
struct Request {
  Url source;
  Url target;
  Selection selection;
  std::vector<std::pair<std::string, std::string>> rules;  // "scope:subject" -> decision, in order
  Existing existing = Existing::refuse;
  Section section = Section::all;  // of `schema`
  bool data_only = false;          // load into tables that are there
  bool restart = false;
  bool resume = false;  // there must be something to resume
  int jobs = 2;
  int retries = 3;
  std::int64_t max_rejects = 0;  // rows of a table that pages may land without
  int lock_seconds = 30;
  bool allow_inconsistent = false;  // several readers where they may see different states
  PageSize page_size;
  std::vector<std::int64_t> zoom;  // rows of the pages that are compared, and of those in turn
  bool strong = false;             // digests of 128 bits, wherever they are taken
  Digests digests = Digests::automatic;
  Limits limits;
  // What differs is looked at twice, so long after the first look.
  std::optional<std::chrono::seconds> settle;
  std::map<std::string, std::chrono::seconds> min_age;  // "column" or "pattern.column" -> age
  std::filesystem::path dir;                            // state root; a job lives in dir/<job>
  std::stop_token stop;
};

// What a verb is run with besides its request.
struct Surroundings {
  const std::vector<Engine>& engines;
  Progress& progress;
  Throttle* throttle = nullptr;  // that keeps the request's limits already
};

}  // namespace rowferry
