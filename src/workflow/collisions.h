#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/sql/session.h"
#include "workflow/plan.h"

namespace rowferry {

// A key of the target that two rows of the source would share.
struct Collision {
  std::string key;     // its name
  std::string row;     // the later row's
  std::string former;  // the earlier row's
};

// Finds rows that differ at the source and share a unique key at an existing target, whose
// collation takes their texts for one. What it has seen stands in a file of its own, so that memory
// stays flat.
class Collisions {
 public:
  // `keys`: those that Weigher names of the table; whose columns are not all copied is passed over.
  Collisions(std::unique_ptr<Weigher> weigher, const TablePlan& plan,
             const std::vector<StandingKey>& keys);
  ~Collisions();

  bool empty() const { return keys_.empty(); }
  // Takes one row: its cells as text, nothing for NULL, and its name for people.
  void add(const std::vector<std::optional<std::string>>& row, const std::string& name);
  // The columns that add() wants; the others may be nothing.
  const std::vector<bool>& wanted() const { return wanted_; }
  // What was found since the last call, after the last row has been looked at.
  std::vector<Collision> found();

 private:
  struct Watched {
    StandingKey key;
    std::vector<std::size_t> columns;  // of each part
  };
  struct Row {
    std::vector<std::optional<std::string>> cells;
    std::string name;
  };

  void look();
  void look_at(const Watched& watched);
  void note(const Watched& watched, const std::string& weight, const std::string& name);

  std::unique_ptr<Weigher> weigher_;
  TableName table_;
  std::vector<Watched> keys_;
  std::vector<bool> wanted_;
  std::vector<Row> rows_;
  std::filesystem::path file_;
  std::unique_ptr<sql::Session> seen_;
  std::vector<Collision> found_;
};

}  // namespace rowferry
