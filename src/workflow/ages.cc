#include "workflow/ages.h"

#include <algorithm>

#include "core/value.h"
#include "workflow/pattern.h"

namespace rowferry {

namespace {

struct Subject {
  std::string table;  // a pattern; empty: any
  std::string column;
};

Subject subject_of(const std::string& text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string::npos) return {.table = "", .column = text};
  return {.table = text.substr(0, dot), .column = text.substr(dot + 1)};
}

bool keeps_time(const Type& type, bool texts) {
  switch (type.kind) {
    case Kind::date:
    case Kind::timestamp:
    case Kind::timestamptz:
      return true;
    case Kind::text:
    case Kind::dynamic:
      return texts;
    default:
      return false;
  }
}

}  // namespace

void Ages::set(const TablePlan& plan, bool texts, ComparedTable& table) {
  const TableName& name = plan.read.table.name;
  for (const auto& [text, age] : ages_) {
    const Subject subject = subject_of(text);
    if (!subject.table.empty() && !Pattern(subject.table).matches(name)) continue;
    const auto& columns = plan.read.columns;
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const ColumnRead& column) {
      return column.name == subject.column;
    });
    if (found == columns.end()) continue;
    used_[text] = true;
    if (!keeps_time(found->type, texts)) {
      throw Error(ErrorKind::usage, "age.column",
                  "column " + subject.column + " keeps no time: " + found->native)
          .at("table " + to_string(name))
          .hint(
              "name a column of a date or time, for this table alone with --min-age TABLE.COLUMN=" +
              std::string("AGE, or leave the table out with --exclude"));
    }
    if (table.key.empty()) {
      throw Error(ErrorKind::schema, "age.key",
                  "rows without a key cannot be left alone for their age: one that was changed "
                  "lately would seem to be two")
          .at("table " + to_string(name))
          .hint("leave the table out with --exclude, or look at it without --min-age");
    }
    const auto place = static_cast<std::size_t>(found - columns.begin());
    const bool native = plan.read.format != RowFormat::cells;
    table.ages.push_back(
        {.place = static_cast<int>(place),
         .source = native ? table.kinds[place] : plan.write.columns[place].wire,
         .target = table.kinds[place],
         .micros = std::chrono::duration_cast<std::chrono::microseconds>(age).count()});
  }
}

void Ages::check_used() const {
  for (const auto& [text, age] : ages_) {
    if (used_.count(text) > 0) continue;
    throw Error(ErrorKind::usage, "selection.unused",
                "--min-age '" + text + "' names no column of the tables that are compared")
        .hint("names are matched as they are written at the source, upper and lower case apart");
  }
}

// Every session of rowferry's has its clock in UTC.
std::int64_t Ages::clock(Snapshot& source) {
  const auto rows = source.catalog()->query("SELECT CURRENT_TIMESTAMP");
  const std::string text = rows.size() == 1 && rows[0].size() == 1 ? rows[0][0].value_or("") : "";
  if (const auto moment = parse_timestamp(text)) return *moment;
  if (const auto moment = parse_timestamptz(text)) return *moment;
  throw Error(ErrorKind::internal, "internal", "the source's clock shows '" + text + "'");
}

}  // namespace rowferry
