#pragma once

#include <string>
#include <vector>

#include "engine/plan.h"
#include "engine/sql/session.h"

// How far quick syncs have looked, in the ledger of an SQL target. One table:
//
//   sync_marks  sync, tbl, last_key, last_time, before_key, before_time, kept_at
//         Primary key (sync, tbl). Keys are bounds as the ledger's pages have them, times texts of
//         the source's server. `last` is of the last run that ended, `before` of the one before it;
//         empty: that there is none.
namespace rowferry::sql {

// Where it is; `create` makes it where it is missing.
struct MarksPlace {
  std::string name;  // quoted
  std::vector<std::string> create;
};

// The marks that are kept under the name, from a place that is there.
std::vector<Marks> read_marks(Session& session, const MarksPlace& place, const std::string& sync);

// What puts marks in the place of earlier ones of the table, each a statement; $1… as in
// Session::query.
struct KeepMarks {
  std::string remove;  // $1 sync $2 tbl
  std::string insert;  // and $3 … $6
};
KeepMarks keep_marks(const std::string& place);
std::vector<std::string> mark_values(const Marks& marks);

}  // namespace rowferry::sql
