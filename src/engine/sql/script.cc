#include "engine/sql/script.h"

#include <algorithm>

#include "engine/sql/ddl.h"

namespace rowferry::sql {

namespace {

using Step = Mender::Step;

bool is_standing(Step step) {
  return step == Step::remove || step == Step::vacate;
}

// The literal of a column that one of the table's shapes has.
const std::string& literal_of(const MendedTable& table, const ColumnWrite& column,
                              const std::vector<std::string>& literals) {
  for (const TableWrite* rows : {&table.rows, &table.standing}) {
    const ColumnWrite* first = rows->columns.data();
    const ColumnWrite* end = first + rows->columns.size();
    const std::less<> before;
    if (!before(&column, first) && before(&column, end)) {
      return literals.at(static_cast<std::size_t>(&column - first));
    }
  }
  return literals.at(0);
}

}  // namespace

RowStatements::RowStatements(const ScriptWords& words, const Table& target,
                             const MendedTable& mended, std::vector<Kind> kinds,
                             std::vector<Kind> standing_kinds)
    : words_(words),
      mended_(mended),
      text_(words.words(mended)),
      rows_(words.printer({.target = target,
                           .rows = mended.rows,
                           .format = mended.rows.format,
                           .kinds = std::move(kinds)})),
      standing_(words.printer({.target = target,
                               .rows = mended.standing,
                               .format = mended.standing.format,
                               .kinds = std::move(standing_kinds)})) {
  text_.value = [this](const ColumnWrite& column, const std::string&) {
    return literal_of(mended_, column, now_.stored);
  };
  text_.sought = [this](const ColumnWrite& column, const std::string&) {
    return literal_of(mended_, column, now_.sought);
  };
}

PrintedRow RowStatements::print(bool standing, std::string_view row, const std::vector<int>& free) {
  PrintedRow printed = (standing ? standing_ : rows_)->print(row);
  for (const int place : free) printed.stored.at(static_cast<std::size_t>(place)) = "NULL";
  return printed;
}

std::vector<std::string> RowStatements::text(Step step, const std::vector<int>& columns,
                                             std::string_view row, const std::vector<int>& free) {
  now_ = print(is_standing(step), row, free);
  if (step == Step::remove && mended_.key.empty()) return {words_.remove_one(mended_, now_)};
  std::vector<std::string> all;
  if (step == Step::adopt) all = words_.renamed(take_over_keys(text_, mended_));
  std::string own = mend_text(text_, step, mended_, columns);
  if (!own.empty()) all.push_back(std::move(own));
  if (step == Step::adopt) all.push_back(insert_missing(text_, mended_));
  return all;
}

std::string RowStatements::cut_loose(const std::vector<int>& columns, std::string_view row) {
  now_ = print(true, row, columns);
  MendedTable quiet = mended_;
  quiet.rows = quiet.standing;
  quiet.own_will.clear();
  MendWords words = text_;
  const auto value = [&](const ColumnWrite& column, const std::vector<std::string>& literals) {
    return literal_of(quiet, column, literals);
  };
  words.value = [&](const ColumnWrite& c, const std::string&) { return value(c, now_.stored); };
  words.sought = [&](const ColumnWrite& c, const std::string&) { return value(c, now_.sought); };
  return mend_text(words, Step::update, quiet, columns);
}

std::string RowStatements::insert_head() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < mended_.written.size(); ++i) {
    if (mended_.written[i]) names.push_back(text_.quote(mended_.rows.columns[i].name));
  }
  return text_.insert + text_.table + " (" + joined(names, ", ") + ") " + text_.overriding +
         "VALUES";
}

std::string RowStatements::insert_row(std::string_view row, const std::vector<int>& free) {
  const PrintedRow printed = print(false, row, free);
  std::vector<std::string> values;
  for (std::size_t i = 0; i < mended_.written.size(); ++i) {
    if (mended_.written[i]) values.push_back(printed.stored[i]);
  }
  return "(" + joined(values, ", ") + ")";
}

bool RowStatements::stays(int place) const {
  const auto at = static_cast<std::size_t>(place);
  return !mended_.nullable[at] && text_.spare(mended_.rows.columns[at]).empty();
}

std::string comment(std::string_view text) {
  std::string line = "-- " + std::string(text);
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  return line;
}

}  // namespace rowferry::sql
