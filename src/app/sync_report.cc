#include "app/sync_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/differences.h"
#include "app/figures.h"
#include "app/grid.h"

namespace rowferry {

namespace {

using Align = Grid::Align;

std::string name_of(const SyncedTable& table) {
  std::string name = printable(to_string(table.source));
  if (table.target != table.source) name += " -> " + printable(to_string(table.target));
  return name;
}

std::string_view words_for(Synced state) {
  if (state == Synced::differs) return "still differs";
  if (state == Synced::not_proven) return "not proven";
  return rowferry::name_of(state);
}

// "still differs (source kept changing, 2 pages)".
std::string state_text(const SyncedTable& table) {
  std::string text(words_for(table.state));
  if (table.state != Synced::differs || !table.left.ended || table.left.moving == 0) return text;
  const auto pages = static_cast<std::int64_t>(table.left.pages.size());
  return text + " (source kept changing, " +
         (pages > 0 ? counted(pages, "page") : counted(table.left.moving, "row")) + ")";
}

std::string tables_text(const SyncReport& report) {
  Grid grid({Align::left, Align::left, Align::right, Align::right, Align::right, Align::right,
             Align::right, Align::right, Align::right, Align::right, Align::left});
  grid.row({"table", "state", "rows", "inserted", "updated", "deleted", "compare s", "fetch s",
            "write s", "read", "compared by"});
  for (const SyncedTable& table : report.tables) {
    const Repaired& done = table.repaired;
    grid.row({name_of(table), state_text(table), rows_of(table.compared),
              with_commas(done.inserted), with_commas(done.updated), with_commas(done.removed),
              fmt::format("{:.1f}", table.seconds - table.fetch_seconds),
              fmt::format("{:.1f}", table.fetch_seconds), fmt::format("{:.1f}", done.seconds),
              human_bytes(static_cast<double>(table.bytes)), table.by});
  }
  return grid.text();
}

std::string_view words_for(Change change) {
  switch (change) {
    case Change::insert:
      return "not inserted";
    case Change::update:
      return "not updated";
    case Change::remove:
      return "not deleted";
  }
  return "";
}

// What was found in a dry run, and what is left otherwise.
std::string differences_text(const SyncReport& report) {
  std::string out;
  for (const SyncedTable& table : report.tables) {
    for (const std::string& sql : table.altered) {
      out += "  " + name_of(table) + (report.dry_run ? ": would run: " : ": ran: ") +
             printable(sql) + "\n";
    }
    for (const Loss& note : table.notes) {
      out += "  " + name_of(table) + ": " + printable(note.text) + "\n";
    }
    const bool still = table.state == Synced::differs || table.state == Synced::failed;
    if (!report.dry_run && !still) continue;
    const bool again = table.left.ended && !report.dry_run;
    out += differences_of(name_of(table), again ? table.left : table.compared,
                          again ? std::vector<Difference>{} : table.first);
    for (const Unrepaired& row : table.repaired.first) {
      out += fmt::format("    {}: {}: {}\n", words_for(row.change), printable(row.key),
                         printable(row.reason));
    }
  }
  if (out.empty()) return "";
  return (report.dry_run ? "\ndifferent:\n" : "\nto be known:\n") + out;
}

std::string failures_text(const SyncReport& report) {
  std::string out;
  for (const SyncedTable& table : report.tables) {
    for (const Error& error : table.errors) {
      out += "  " + printable(error.line()) + "\n";
      if (!error.hint().empty()) out += "    hint: " + error.hint() + "\n";
    }
  }
  return out.empty() ? "" : "\nfailed:\n" + out;
}

std::int64_t count_of(const SyncReport& report, Synced state) {
  return std::count_if(report.tables.begin(), report.tables.end(),
                       [&](const SyncedTable& table) { return table.state == state; });
}

std::string total_text(const SyncReport& report) {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::int64_t changed = 0;
  for (const SyncedTable& table : report.tables) {
    rows += table.compared.source_rows;
    bytes += table.bytes;
    changed += table.repaired.inserted + table.repaired.updated + table.repaired.removed;
  }
  std::string states;
  for (const Synced state : {Synced::identical, Synced::repaired, Synced::not_proven, Synced::kept,
                             Synced::copied, Synced::differs, Synced::failed, Synced::unfinished}) {
    const std::int64_t count = count_of(report, state);
    if (count == 0) continue;
    states +=
        fmt::format("{}{} {}", states.empty() ? "" : ", ", with_commas(count), words_for(state));
  }
  return fmt::format("total: {} ({}), {} compared, {} changed, {} read in {}\n",
                     counted(static_cast<std::int64_t>(report.tables.size()), "table"), states,
                     counted(rows, "row"), counted(changed, "row"),
                     human_bytes(static_cast<double>(bytes)), human_seconds(report.seconds));
}

}  // namespace

Exit exit_of(const SyncReport& report) {
  if (report.interrupted) return Exit::interrupted;
  if (count_of(report, Synced::failed) + count_of(report, Synced::unfinished) > 0) {
    return Exit::failed;
  }
  const bool found =
      std::any_of(report.tables.begin(), report.tables.end(),
                  [](const SyncedTable& table) { return table.compared.differences() > 0; });
  const bool differs = count_of(report, Synced::differs) > 0 || (report.dry_run && found);
  return differs ? Exit::differs : Exit::done;
}

std::string sync_text(const SyncReport& report, bool brief) {
  std::string out = brief ? "" : tables_text(report);
  out += total_text(report) + differences_text(report) + failures_text(report);
  if (!report.not_proven.empty()) out += "\nnot proven: " + report.not_proven + "\n";
  if (!report.not_one_point.empty()) {
    out += "\nnot one point in time: " + report.not_one_point + "\n";
  }
  return out;
}

}  // namespace rowferry
