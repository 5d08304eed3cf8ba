#pragma once

// The help's examples: the one place of the face that names kinds of databases, as users write
// them.
namespace rowferry {

inline constexpr const char* kFooter =
    "Ends are URLs (postgres://user@host:5432/db, sqlite:path) or names of the configuration file\n"
    "(@prod). Options can also stand in variables (ROWFERRY_JOBS) and in that file.\n"
    "'rowferry VERB --help' shows the options of a verb and examples.";

inline constexpr const char* kCheckExamples = R"(Examples:
  rowferry check postgres://ann@old/shop mysql://ann@new/shop
      All that stands in the way of this copy, with what to do about it. Changes nothing.

  rowferry check @prod @lab --probe -t 'sales.*'
      Reads the rows of these tables, too: values that will not fit are counted and named.

  rowferry check @prod @lab --output json | jq -r 'select(.severity == "blocker").code'
      For a script.)";

inline constexpr const char* kCopyExamples = R"(Examples:
  rowferry copy sqlite:shop.db postgres://ann@db.example.com/shop
      Move all tables with their rows, indexes and keys. Run it again after an interruption:
      it goes on where it ended.

  rowferry copy postgres://ann@old/shop postgres://ann@new/shop \
      -t 'sales.*' --exclude '*_tmp' --where "sales.orders=created >= '2024-01-01'" -j 8
      Some tables, one of them in part, eight pages at a time.

  rowferry copy @prod @lab --existing truncate --dry-run
      Ends named in the configuration file; show what would be done.)";

inline constexpr const char* kSchemaExamples = R"(Examples:
  rowferry schema postgres://ann@old/shop sqlite:shop.db --print > shop.sql
      The DDL for the target, to be read or changed before it is run.

  rowferry schema @prod @lab --section tables
  rowferry copy   @prod @lab --data-only
  rowferry schema @prod @lab --section keys
      Tables first, then rows, then indexes and keys.)";

inline constexpr const char* kVerifyExamples = R"(Examples:
  rowferry verify postgres://ann@old/shop mysql://ann@new/shop
      Compare every row of every table. Exit status 0: equal; 1: something differs.

  rowferry verify @prod @lab -t 'sales.*' --show 100 -j 4
      Some tables; name up to a hundred rows of each that differ.

  rowferry verify @prod @lab --output json | jq -r 'select(.event == "difference").key'
      Every row that differs, for a script.)";

inline constexpr const char* kSyncExamples = R"(Examples:
  rowferry sync postgres://ann@old/shop mysql://ann@new/shop
      Compare every row, change those that differ, compare these again. Run it as often as you like.

  rowferry sync @prod @lab --dry-run
      What it would change. Exit status 0: nothing; 1: something.

  rowferry sync @prod @lab --print-sql >changes.sql
      The same changes as a script for the target, which is left alone.

  rowferry sync @prod @lab -t 'sales.*' --no-delete --wait
      Rows that only the target has stay; another sync of these tables is waited for.

  rowferry sync @prod @lab --lite --modified changed_on
      Now and then between full runs: new rows, and those changed since.)";

inline constexpr const char* kStatusExamples = R"(Examples:
  rowferry status
      All jobs, newest first.

  rowferry status 3f9a
      One job; the first characters of its name will do.

  rowferry status --output json | jq -r 'select(.state == "running").job'
      For a script.)";

inline constexpr const char* kCleanupExamples = R"(Examples:
  rowferry cleanup 3f9a postgres://ann@db.example.com/shop
      List what the job left on this machine and at the target, ask, and remove it.
      Tables and their rows are never touched.

  rowferry cleanup 3f9a @lab --yes
      The same without asking.)";

}  // namespace rowferry
