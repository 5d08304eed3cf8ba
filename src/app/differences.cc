#include "app/differences.h"

#include <fmt/format.h>

#include "app/figures.h"

namespace rowferry {

namespace {

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

std::string counts_of(const Compared& compared) {
  std::string out;
  const auto add = [&](std::int64_t count, const char* text) {
    if (count == 0) return;
    out += (out.empty() ? "" : ", ") + counted(count, "row") + " " + text;
  };
  add(compared.only_source, "only at the source");
  add(compared.only_target, "only at the target");
  add(compared.changed, compared.changed == 1 ? "differs" : "differ");
  add(compared.unreadable, "that cannot be compared");
  return out;
}

}  // namespace

std::string rows_of(const Compared& compared) {
  std::string text = with_commas(compared.source_rows);
  if (compared.target_rows != compared.source_rows) {
    text += " / " + with_commas(compared.target_rows);
  }
  return text;
}

std::string strip_of(const std::vector<std::int64_t>& cells) {
  std::string strip = "[";
  for (const std::int64_t rows : cells) {
    strip += rows == kNotYet ? ' '
             : rows == 0     ? '.'
             : rows < 10     ? static_cast<char>('0' + rows)
                             : '#';
  }
  return strip + "]";
}

std::string differences_of(const std::string& table, const Compared& compared,
                           const std::vector<Difference>& first) {
  const std::string counts = counts_of(compared);
  if (counts.empty()) return "";
  std::string out = "  " + table + ": " + counts + "\n";
  if (!compared.cells.empty()) out += "    over the keys: " + strip_of(compared.cells) + "\n";
  for (const Difference& difference : first) out += difference_text(difference);
  const auto shown = static_cast<std::int64_t>(first.size());
  const std::int64_t more = compared.differences() - shown;
  if (more > 0 && shown > 0) out += fmt::format("    and {} more\n", with_commas(more));
  return out;
}

}  // namespace rowferry
