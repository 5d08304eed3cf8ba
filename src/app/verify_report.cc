#include "app/verify_report.h"

#include <fmt/format.h>

#include <algorithm>

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

// "1,000" where both sides have so many, "1,000 / 998" where not.
std::string rows_of(const Compared& compared) {
  std::string text = with_commas(compared.source_rows);
  if (compared.target_rows != compared.source_rows) {
    text += " / " + with_commas(compared.target_rows);
  }
  return text;
}

std::string tables_text(const VerifyReport& report) {
  Grid grid({Align::left, Align::left, Align::right, Align::right, Align::right, Align::left});
  grid.row({"table", "verdict", "rows", "differ", "seconds", "compared by"});
  for (const VerifiedTable& table : report.tables) {
    grid.row({name_of(table), std::string(rowferry::name_of(table.verdict)),
              rows_of(table.compared), with_commas(table.compared.differences()),
              fmt::format("{:.1f}", table.compared.seconds), table.by});
  }
  return grid.text();
}

std::string_view words_for(Difference::What what) {
  switch (what) {
    case Difference::What::only_source:
      return "only at the source";
    case Difference::What::only_target:
      return "only at the target";
    case Difference::What::changed:
      return "differs";
    case Difference::What::unreadable:
      return "cannot be compared";
  }
  return "";
}

// "    differs: id=7 (name, price)".
std::string difference_text(const Difference& difference) {
  std::string columns;
  for (const std::string& name : difference.columns) {
    columns += (columns.empty() ? "" : ", ") + printable(name);
  }
  std::string out =
      fmt::format("    {}: {}", words_for(difference.what), printable(difference.key));
  if (!columns.empty()) out += " (" + columns + ")";
  if (!difference.reason.empty()) out += ": " + printable(difference.reason);
  return out + "\n";
}

// "  shop.orders: 1 row only at the source, 2 rows differ".
std::string counts_text(const VerifiedTable& table) {
  const Compared& compared = table.compared;
  std::string out;
  const auto add = [&](std::int64_t count, const char* text) {
    if (count == 0) return;
    out += (out.empty() ? "" : ", ") + counted(count, "row") + " " + text;
  };
  add(compared.only_source, "only at the source");
  add(compared.only_target, "only at the target");
  add(compared.changed, compared.changed == 1 ? "differs" : "differ");
  add(compared.unreadable, "that cannot be compared");
  return out.empty() ? "" : "  " + name_of(table) + ": " + out + "\n";
}

std::string differences_text(const VerifyReport& report) {
  std::string out;
  for (const VerifiedTable& table : report.tables) {
    for (const Loss& note : table.notes) {
      out += "  " + name_of(table) + ": " + printable(note.text) + "\n";
    }
    out += counts_text(table);
    for (const Difference& difference : table.first) out += difference_text(difference);
    const auto shown = static_cast<std::int64_t>(table.first.size());
    const std::int64_t more = table.compared.differences() - shown;
    if (more > 0 && shown > 0) out += fmt::format("    and {} more\n", with_commas(more));
  }
  return out.empty() ? "" : "\ndifferent:\n" + out;
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

std::int64_t count_of(const VerifyReport& report, Verdict verdict) {
  return std::count_if(report.tables.begin(), report.tables.end(),
                       [&](const VerifiedTable& table) { return table.verdict == verdict; });
}

std::string total_text(const VerifyReport& report) {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  for (const VerifiedTable& table : report.tables) {
    rows += table.compared.source_rows;
    bytes += table.compared.bytes;
  }
  std::string verdicts;
  for (const Verdict verdict :
       {Verdict::equal, Verdict::different, Verdict::failed, Verdict::unfinished}) {
    const std::int64_t count = count_of(report, verdict);
    if (count == 0) continue;
    verdicts += fmt::format("{}{} {}", verdicts.empty() ? "" : ", ", with_commas(count),
                            rowferry::name_of(verdict));
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
  if (!report.not_one_point.empty()) {
    out += "\nnot one point in time: " + report.not_one_point + "\n";
  }
  return out;
}

}  // namespace rowferry
