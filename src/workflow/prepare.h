#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "workflow/table_run.h"

namespace rowferry {

// Does at the target what was decided: drops, empties and creates tables, puts foreign keys off,
// and begins tables in the ledger. A table that cannot be made is marked failed.
class TargetPreparer {
 public:
  TargetPreparer(const Ends& ends, Plan& plan, std::vector<TableRun>& tables, Catalog& catalog,
                 Ledger& ledger)
      : ends_(ends), plan_(plan), index_(tables), catalog_(catalog), ledger_(ledger) {}

  // `open` gives further sessions, for tables that are made side by side.
  void run(const Preparation& todo, const std::function<std::unique_ptr<Catalog>()>& open);

 private:
  void clear(const Preparation& todo);
  void put_foreign_keys_off(const std::vector<Begun>& begin);
  void create_tables(const std::function<std::unique_ptr<Catalog>()>& open);

  const Ends& ends_;
  Plan& plan_;
  TableIndex index_;
  Catalog& catalog_;
  Ledger& ledger_;
};

}  // namespace rowferry
