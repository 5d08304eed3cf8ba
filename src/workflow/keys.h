#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "flow/build.h"
#include "workflow/table_run.h"

namespace rowferry {

// Builds what stands on loaded tables: indexes, keys, checks, foreign keys, comments, next values;
// and proves those foreign keys that the target did not prove itself. A constraint that fails marks
// its table failed and leaves a file of the rows in its way.
class KeyBuilder {
 public:
  KeyBuilder(const Ends& ends, const Request& request, const Plan& plan,
             std::vector<TableRun>& tables, Progress& progress, std::filesystem::path reject_dir);

  void build(const std::function<std::unique_ptr<Catalog>()>& open);

 private:
  std::vector<Statement> statements();
  bool leans_on_failed(const Statement& statement, TableRun& run);
  void record(const Unbuilt& failure, Catalog& catalog);
  void prove_foreign_keys(Catalog& catalog);
  // How to find the rows in the way of a constraint, and what the columns found are.
  struct Search {
    std::string query;
    std::vector<std::string> columns;
  };
  void list_violations(TableRun& run, const std::string& constraint, const Search& search,
                       Catalog& catalog);
  void wait_for(TableRun& run, const std::string& key, const TableName& other);
  Search search_for(const TableRun& run, const std::string& constraint) const;

  const Ends& ends_;
  const Request& request_;
  const Plan& plan_;
  std::vector<TableRun>& tables_;
  TableIndex index_;
  Progress& progress_;
  std::filesystem::path reject_dir_;
};

}  // namespace rowferry
