#pragma once

#include <functional>
#include <optional>
#include <string>

#include "flow/compare.h"
#include "workflow/ends.h"
#include "workflow/plan.h"
#include "workflow/sync.h"

namespace rowferry {

// What a quick run looks at in a table: rows whose key is at or past a mark, and rows that were
// modified at or after another one. Marks are those of the run before the last, so that rows which
// were committed after a run, and written before it, are seen by the next one.
struct LiteTable {
  std::string sync;                // under which marks are kept
  std::optional<Column> modified;  // of the source
  Cut there;                       // the source's key, as the target's columns
  Mark start;                      // empty: all rows are looked at
  Mark last;                       // of the last run
  Mark reached;                    // of this one, in its snapshot

  Marks marks(const TableName& target) const;
};

// Finds what is to be looked at. `source` is the snapshot's, `plan` the table's fingerprint. Throws
// Error{schema}: "lite.key" for a table whose key has no order that both ends share,
// "lite.modified" for a column that is not there or keeps no time.
LiteTable plan_lite(const Ends& ends, const SyncWish& wish, const ComparedTable& compared,
                    const MendedTable& mended, const std::string& plan, Catalog& source,
                    Ledger& ledger);

// Makes the comparison one of the rows past the mark's key.
void narrow(const LiteTable& lite, ComparedTable& compared);

// Throws Error{usage} for a --modified that is of no table here.
void check_modified(const SyncWish& wish, const Plan& plan);

// Compares the rows before the mark's key that were modified since the mark's time.
struct LookSettings {
  RetryPolicy retry;
  std::stop_token stop;
  std::function<void(std::string_view)> note;
  Throttle* throttle = nullptr;
};
void look_up_modified(const Ends& ends, const LiteTable& lite, const ComparedTable& table,
                      Snapshot& source, Snapshot& target, const LookSettings& settings,
                      const std::function<void(const Difference&)>& take, Compared& compared);

// "keys past the mark, modified_at": for people.
std::string describe(const LiteTable& lite);

// What the report says of every quick run, and of a table.
std::string not_proven();
std::vector<Loss> notes_of(const LiteTable& lite);

}  // namespace rowferry
