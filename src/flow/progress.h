#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/schema.h"

namespace rowferry {

enum class TableState {
  done,           // all rows landed and all keys stand
  earlier,        // done by an earlier run of the job; nothing was moved now
  not_one_point,  // all rows landed, read under snapshots of a source that changed between them
  failed,         // some page or constraint did not land; nothing else of it is lost
  unfinished,     // interrupted before its end
};

std::string_view name_of(TableState state);

struct TableReport {
  TableName source;
  TableName target;
  TableState state = TableState::done;
  std::int64_t rows = 0;        // landed, by this run and earlier ones of the job
  std::int64_t bytes = 0;       // of cells moved by this run
  double seconds = 0;           // from its first page to its last, this run
  std::int64_t rows_moved = 0;  // by this run
  std::int64_t rejects = 0;     // rows listed that keep a page open or violate a constraint
  std::int64_t left_out = 0;    // rows that pages landed without, by this run and earlier ones
  std::string reject_file;      // lists them all; "" without any
  std::vector<Error> errors;
  std::vector<Loss> not_carried;  // losses, named before the run and repeated after it
};

inline constexpr std::size_t kCells = 60;

// Parts of a table, from 0: those before `end`.
struct CellSpan {
  std::size_t first = 0;
  std::size_t end = 0;
};

// Who wants to know how a run goes. Called from any thread; must be quick and must not throw.
class Progress {
 public:
  virtual ~Progress() = default;
  // A phase begins: "reading the schema", "loading", "building keys".
  virtual void phase(std::string_view name) = 0;
  // Estimates of what this run will move. `landed_rows`: what earlier runs have landed already.
  virtual void expect(std::int64_t tables, std::int64_t rows, std::int64_t bytes,
                      std::int64_t landed_rows) = 0;
  virtual void table_started(const TableName& table) = 0;
  virtual void page_landed(const TableName& table, std::int64_t rows, std::int64_t bytes) = 0;
  virtual void table_finished(const TableReport& report) = 0;
  // Of a table whose rows are compared in the order of their keys, in kCells parts: a page that
  // takes these parts has been compared.
  virtual void cells_compared(const TableName& /*table*/, CellSpan /*cells*/) {}
  // A row in this part differs.
  virtual void cell_differs(const TableName& /*table*/, std::size_t /*cell*/) {}
  // Something worth a line: a retry, a warning.
  virtual void note(std::string_view text) = 0;
};

}  // namespace rowferry
