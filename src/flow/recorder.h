#pragma once

#include "flow/journal.h"
#include "flow/progress.h"

namespace rowferry {

// Passes progress on to whoever shows it, and writes it to the journal.
class Recorder final : public Progress {
 public:
  Recorder(Progress& shown, Journal& journal) : shown_(shown), journal_(journal) {}

  void phase(std::string_view name) override {
    shown_.phase(name);
    journal_.event(name);
  }
  void expect(std::int64_t tables, std::int64_t rows, std::int64_t bytes,
              std::int64_t landed_rows) override {
    shown_.expect(tables, rows, bytes, landed_rows);
  }
  void table_started(const TableName& table) override { shown_.table_started(table); }
  void page_landed(const TableName& table, std::int64_t rows, std::int64_t bytes) override {
    shown_.page_landed(table, rows, bytes);
    journal_.add_rows(to_string(table), rows, bytes);
  }
  void table_finished(const TableReport& report) override {
    shown_.table_finished(report);
    journal_.set_table({.source = to_string(report.source),
                        .target = to_string(report.target),
                        .state = std::string(name_of(report.state)),
                        .rows = report.rows,
                        .bytes = report.bytes,
                        .total = report.rows,
                        .message = report.errors.empty() ? "" : report.errors.front().line()});
    journal_.flush(false);
  }
  void note(std::string_view text) override {
    shown_.note(text);
    journal_.event(text);
  }

 private:
  Progress& shown_;
  Journal& journal_;
};

}  // namespace rowferry
