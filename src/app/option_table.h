#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/options.h"

// The options and verbs as data: what is declared here once is parsed, read from variables and
// files, shown by --help and asked of docs/cli.md.
namespace rowferry {

// Sets of verbs.
inline constexpr unsigned kCopy = 1;
inline constexpr unsigned kSchema = 2;
inline constexpr unsigned kStatus = 4;
inline constexpr unsigned kCleanup = 8;
inline constexpr unsigned kCheck = 16;
inline constexpr unsigned kVerify = 32;
inline constexpr unsigned kSync = 64;
inline constexpr unsigned kMoves = kCopy | kSchema;
inline constexpr unsigned kEnds = kMoves | kCheck | kVerify | kSync;
inline constexpr unsigned kAll = kEnds | kStatus | kCleanup;

struct OptionRow {
  const char* name;   // "jobs"
  char letter;        // 'j', or 0
  const char* value;  // what the help calls its value; empty for a switch
  bool repeats;
  unsigned verbs;
  const char* group;
  const char* help;
  // Puts a value into place; "true" or "false" for a switch. Throws Error{usage}.
  void (*apply)(Options&, const std::string& value);
};

struct PositionalRow {
  const char* name;
  bool required;
};

struct VerbRow {
  Verb verb;
  unsigned bit;
  const char* name;
  const char* help;
  std::vector<PositionalRow> positionals;
  const char* examples;
};

std::span<const OptionRow> option_table();
std::span<const VerbRow> verb_table();

// Two options that exclude each other.
struct Exclusion {
  std::string_view one;
  std::string_view other;
};
std::span<const Exclusion> exclusions();

}  // namespace rowferry
