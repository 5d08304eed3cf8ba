#include "app/verify_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/differences.h"
#include "app/figures.h"
#include "app/grid.h"

namespace rowferry {

namespace {

using Align = Grid::Align;

std::string name_of(const VerifiedTable& table) {
  std::string name = printable(to_string(table.source));
  if (table.target != table.source) name += " -> " + printable(to_string(table.target));
  return name;
}

std::string_view words_for(Verdict verdict) {
  return verdict == Verdict::not_proven ? "not proven" : rowferry::name_of(verdict);
}

std::string tables_text(const VerifyReport& report) {
  Grid grid({Align::left, Align::left, Align::right, Align::right, Align::right, Align::right,
             Align::right, Align::left});
  grid.row({"table", "verdict", "rows", "differ", "compare s", "fetch s", "read", "compared by"});
  for (const VerifiedTable& table : report.tables) {
    const Compared& compared = table.compared;
    grid.row({name_of(table), std::string(words_for(table.verdict)), rows_of(compared),
              with_commas(compared.differences()),
              fmt::format("{:.1f}", compared.seconds - compared.fetch_seconds),
              fmt::format("{:.1f}", compared.fetch_seconds),
              human_bytes(static_cast<double>(compared.bytes)), table.by});
  }
  return grid.text();
}

std::int64_t count_of(const VerifyReport& report, Verdict verdict) {
  return std::count_if(report.tables.begin(), report.tables.end(),
                       [&](const VerifiedTable& table) { return table.verdict == verdict; });
}

std::string differences_text(const VerifyReport& report) {
  std::string out;
  for (const VerifiedTable& table : report.tables) {
    for (const Loss& note : table.notes) {
      out += "  " + name_of(table) + ": " + printable(note.text) + "\n";
    }
    out += differences_of(name_of(table), table.compared, table.first);
  }
  if (out.empty()) return "";
  const bool differs = count_of(report, Verdict::different) > 0;
  return (differs ? "\ndifferent:\n" : "\nto be known:\n") + out;
}

std::string failures_text(const VerifyReport& report) {
  std::string out;
  for (const VerifiedTable& table : report.tables) {
    for (const Error& error : table.errors) {
      out += "  " + printable(error.line()) + "\n";
      if (!error.hint().empty()) out += "    hint: " + error.hint() + "\n";
    }
  }
  return out.empty() ? "" : "\nnot compared:\n" + out;
}

std::string total_text(const VerifyReport& report) {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  for (const VerifiedTable& table : report.tables) {
    rows += table.compared.source_rows;
    bytes += table.compared.bytes;
  }
  std::string verdicts;
  for (const Verdict verdict : {Verdict::equal, Verdict::different, Verdict::not_proven,
                                Verdict::failed, Verdict::unfinished}) {
    const std::int64_t count = count_of(report, verdict);
    if (count == 0) continue;
    verdicts += fmt::format("{}{} {}", verdicts.empty() ? "" : ", ", with_commas(count),
                            words_for(verdict));
  }
  return fmt::format("total: {} ({}), {}, {} read in {}\n",
                     counted(static_cast<std::int64_t>(report.tables.size()), "table"), verdicts,
                     counted(rows, "row"), human_bytes(static_cast<double>(bytes)),
                     human_seconds(report.seconds));
}

}  // namespace

Exit exit_of(const VerifyReport& report) {
  if (report.interrupted) return Exit::interrupted;
  if (count_of(report, Verdict::failed) + count_of(report, Verdict::unfinished) > 0) {
    return Exit::failed;
  }
  return count_of(report, Verdict::different) > 0 ? Exit::differs : Exit::done;
}

std::string verify_text(const VerifyReport& report, bool brief) {
  std::string out = brief ? "" : tables_text(report);
  out += total_text(report) + differences_text(report) + failures_text(report);
  if (!report.earlier.empty()) {
    out += "\na part of it was compared by a run that began at " + report.earlier + "\n";
  }
  if (!report.not_one_point.empty()) {
    out += "\nnot one point in time: " + report.not_one_point + "\n";
  }
  return out;
}

}  // namespace rowferry
