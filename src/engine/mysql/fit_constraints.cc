#include <algorithm>
#include <set>

#include "engine/mysql/fit.h"
#include "engine/sql/expression.h"

namespace rowferry::mysql {

namespace {

std::set<std::string> numbered(const Table& table) {
  std::set<std::string> names;
  for (const Column& column : table.columns) {
    if (column.identity) names.insert(column.name);
  }
  return names;
}

// Neither checks nor computed columns may name the column that counts.
void leave_counting_alone(Table& table, std::vector<Loss>& losses) {
  const std::set<std::string> counting = numbered(table);
  const auto names_it = [&](const Expression& expression) {
    return sql::names_any(expression, counting);
  };
  for (const Check& check : table.checks) {
    if (!names_it(check.expression)) continue;
    losses.push_back({"check.left_out", "check " + check.name + ": " + check.expression.text +
                                            ", of the column that counts"});
  }
  std::erase_if(table.checks, [&](const Check& check) { return names_it(check.expression); });
  for (Column& column : table.columns) {
    if (!column.generated || !names_it(column.generated->expression)) continue;
    losses.push_back({"column.generated", "column " + column.name + ": generated as " +
                                              column.generated->expression.text +
                                              "; its values are copied"});
    column.generated.reset();
  }
}

// No key may set a column NULL that takes none.
void fill_set_null(Table& table, std::vector<Loss>& losses) {
  for (ForeignKey& key : table.foreign_keys) {
    const bool filled =
        std::any_of(key.columns.begin(), key.columns.end(), [&](const std::string& name) {
          const Column* column = find_column(table, name);
          return column != nullptr && !column->nullable;
        });
    if (!filled) continue;
    for (auto [action, when] :
         {std::pair{&key.on_delete, " ON DELETE "}, std::pair{&key.on_update, " ON UPDATE "}}) {
      if (*action != "SET NULL") continue;
      losses.push_back({"foreign_key.changed", "foreign key " + key.name + ":" + when +
                                                   "SET NULL of a column that is NOT NULL"});
      action->clear();
    }
  }
}

}  // namespace

std::vector<Loss> fit_constraints(Table& table) {
  std::vector<Loss> losses;
  leave_counting_alone(table, losses);
  fill_set_null(table, losses);
  return losses;
}

}  // namespace rowferry::mysql
