#pragma once

#include <string>
#include <vector>

#include "flow/script.h"
#include "workflow/ends.h"
#include "workflow/sync.h"

namespace rowferry {

// What a script has to know of tables, given in its order: `there` is the whole of the target.
// `after` of each is left to the caller.
std::vector<ScriptTable> script_tables(const std::vector<RepairTable>& tables, const Schema& there,
                                       const DdlRules& rules);

// Writes a whole script: what it is, what it leaves out of the tables of `report`, and the changes.
void print_script(const std::vector<ScriptTable>& tables, ChangeLog& changes, const Ends& ends,
                  const SyncReport& report, const ScriptSettings& settings);

}  // namespace rowferry
