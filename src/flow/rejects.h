#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/plan.h"

namespace rowferry {

// Writes the rows that could not land to `dir`/<table>.jsonl, one JSON object a line with `key`,
// `column` and `reason`, over an earlier file of the table. Returns the path, or "" when the file
// cannot be written: the table's error stands without it.
std::string write_rejects(const std::filesystem::path& dir, const TableName& table,
                          const std::vector<Reject>& rejects);

}  // namespace rowferry
