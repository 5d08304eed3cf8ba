#include "workflow/translate.h"

#include <set>

#include "workflow/crossing.h"
#include "workflow/translate_columns.h"
#include "workflow/translate_keys.h"

namespace rowferry {

namespace {

// The names of a table and its columns, which a target may not take.
class NameCheck {
 public:
  explicit NameCheck(const Crossing& crossing) : crossing_(crossing) {}

  void run() const {
    check_length("the table's name", crossing_.to().name.table,
                 "give it a shorter name with --map");
    for (const Column& column : crossing_.from.columns) {
      check_length("the column name", column.name, "leave the column out with --columns");
    }
    if (crossing_.rules.columns > 0 && crossing_.from.columns.size() > crossing_.rules.columns) {
      crossing_.refuse("name.columns",
                       "has " + std::to_string(crossing_.from.columns.size()) +
                           " columns, the target holds " + std::to_string(crossing_.rules.columns),
                       "leave columns out with --columns");
    }
    check_case();
  }

 private:
  void check_length(const char* what, const std::string& name, const char* hint) const {
    if (crossing_.rules.name_bytes == 0 ||
        name_length(name, crossing_.rules) <= crossing_.rules.name_bytes)
      return;
    crossing_.refuse("name.too_long",
                     std::string(what) + " '" + name + "' is longer than the " +
                         std::to_string(crossing_.rules.name_bytes) +
                         (crossing_.rules.name_in_characters ? " characters" : " bytes") +
                         " that the target allows",
                     hint);
  }

  void check_case() const {
    std::set<std::string> seen;
    for (const Column& column : crossing_.from.columns) {
      if (seen.insert(crossing_.rules.folds_case ? lower(column.name) : column.name).second)
        continue;
      crossing_.refuse(
          "name.case",
          "the column name '" + column.name +
              "' is another column's name but for upper and lower case, which the target does"
              " not tell apart",
          "leave one of them out with --columns");
    }
  }

  const Crossing& crossing_;
};

void carry_options(const Crossing& x) {
  x.to().rows = x.from.rows;
  x.to().bytes = x.from.bytes;
  if (x.same && !x.from.partitioned) x.to().options = x.from.options;
  for (const std::string& note : x.from.notes) x.lose("table.note", note);
  if (x.same) return;
  for (const std::string& note : x.from.own_notes) x.lose("table.note", note);
}

void carry_comments(const Crossing& x) {
  x.to().comment = x.from.comment;
  if (x.rules.comments) return;
  bool any = !x.from.comment.empty();
  for (Column& column : x.to().columns) {
    any = any || !column.comment.empty();
    column.comment.clear();
  }
  x.to().comment.clear();
  if (any) x.lose("comment.left_out", "comments");
}

}  // namespace

Translation translate(const Table& table, const TableName& name, const Dialect& source,
                      const Dialect& target,
                      const std::function<TableName(const TableName&)>& name_of,
                      const std::vector<ColumnWish>& wishes, NameSet& names) {
  Translation result;
  Crossing crossing{.from = table,
                    .source = source,
                    .target = target,
                    .rules = target.rules(),
                    .same = source.facts().flavour == target.facts().flavour,
                    .names = names,
                    .result = result};
  result.table.name = name;
  NameCheck(crossing).run();
  carry_options(crossing);
  result.table.columns.reserve(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    carry_column(crossing, table.columns[i], wishes.empty() ? ColumnWish{} : wishes[i]);
  }
  carry_keys(crossing, name_of);
  carry_comments(crossing);
  for (Loss& loss : target.fit(result.table, source.facts())) {
    result.not_carried.push_back(std::move(loss));
  }
  return result;
}

}  // namespace rowferry
