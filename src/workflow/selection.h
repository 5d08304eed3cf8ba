#pragma once

#include <optional>
#include <string>
#include <vector>

#include "workflow/request.h"

namespace rowferry {

// A selection made ready: patterns compiled once, then pure questions.
class Selector {
 public:
  // Throws Error{usage} for a regular expression that cannot be read or a map without a name.
  explicit Selector(const Selection& selection);
  ~Selector();
  Selector(Selector&&) noexcept;

  bool takes(const TableName& table) const;
  // The condition of --where for the table, or "".
  std::string where(const TableName& table) const;
  // The columns of --columns for the table; empty: all.
  std::vector<std::string> columns(const TableName& table) const;
  // What --map calls the table; nothing when no map names it.
  std::optional<TableName> mapped(const TableName& table) const;
  // Throws Error{usage} naming the patterns that match none of `tables`: a typing error, surely.
  void check_used(const std::vector<TableName>& tables) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

// The selection as one line, for the identity of a job.
std::string describe(const Selection& selection);

}  // namespace rowferry
