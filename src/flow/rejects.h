#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/plan.h"

// The file of one table's rows that could not land, in JSON lines: docs/formats/rejects.md.
namespace rowferry {

std::filesystem::path reject_file(const std::filesystem::path& dir, const TableName& table);

// Adds rows to the table's file in `dir`, which is made where it is missing; `page`: the one they
// belong to, none for rows that landed and break a constraint. On disk when it returns. Throws
// Error{conflict, "rejects.write"}.
void add_rejects(const std::filesystem::path& dir, const TableName& table,
                 const std::vector<Reject>& rejects, const std::optional<Page>& page);

// Drops from the table's file what an earlier run wrote of pages that are not among `landed`, and
// the file where nothing is left of it. Throws as above, too where the file is none of ours.
void keep_rejects(const std::filesystem::path& dir, const TableName& table,
                  const std::vector<Page>& landed);

}  // namespace rowferry
