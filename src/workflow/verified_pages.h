#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "core/page.h"
#include "core/schema.h"

namespace rowferry {

// Pages that a verify which did not come to its end has found equal, in a file of lines, so that
// the next one of the same tables leaves them out. Losing it costs time only. Not safe from several
// threads at once.
class VerifiedPages {
 public:
  struct Earlier {
    std::vector<Page> pages;
    std::int64_t rows = 0;
    bool whole = false;  // all of the table
  };

  // Reads what is there, or with `anew` forgets it. A line that is torn, or not understood, counts
  // as not written.
  VerifiedPages(std::filesystem::path file, bool anew);

  // What is known of the table as `plan` compares it.
  Earlier earlier(const TableName& table, const std::string& plan) const;
  bool any() const { return !earlier_.empty(); }
  // Of the oldest line, as "2026-11-22 10:00:00 UTC".
  const std::string& since() const { return since_; }

  // Keeps a page, or with `whole` a table. Throws Error{conflict, "verify.state"} when it cannot be
  // written.
  void add(const TableName& table, const std::string& plan, const Page& page, std::int64_t rows,
           bool whole);
  // Forgets all: the run has come to its end.
  void remove();

 private:
  struct Key {
    TableName table;
    std::string plan;
    friend auto operator<=>(const Key&, const Key&) = default;
  };

  void read();

  std::filesystem::path file_;
  std::map<Key, Earlier> earlier_;
  std::string since_;
  std::ofstream out_;
};

}  // namespace rowferry
