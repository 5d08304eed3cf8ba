#include "engine/sql/mark_words.h"

#include "engine/sql/ddl.h"

namespace rowferry::sql {

namespace {

const MarkWords& words_of(const Dialect& dialect) {
  const MarkWords* words = dialect.marks();
  if (words != nullptr) return *words;
  throw Error(ErrorKind::unsupported, "lite.key", dialect.facts().product + " knows no marks");
}

const Column& column_of(const Table& table, const std::string& name) {
  const Column* column = find_column(table, name);
  if (column != nullptr) return *column;
  throw Error(ErrorKind::internal, "internal", "a key without its column: " + name);
}

std::string bound_texts(const Dialect& dialect, const Table& table, const Cut& cut) {
  std::vector<std::string> texts;
  for (const std::string& name : cut.columns) {
    // Under a name of its own: ORDER BY would sort by a text that is called like its column.
    texts.push_back(words_of(dialect).bound_text(column_of(table, name)) + " AS rowferry_" +
                    std::to_string(texts.size()));
  }
  return joined(texts, ", ");
}

std::string ordered(const Dialect& dialect, const Cut& cut, const char* direction) {
  std::vector<std::string> names;
  for (const std::string& name : cut.columns) names.push_back(dialect.quote(name) + direction);
  return " ORDER BY " + joined(names, ", ");
}

}  // namespace

std::string select_highest(const Dialect& dialect, const Table& table, const Cut& cut) {
  return "SELECT " + bound_texts(dialect, table, cut) + " FROM " +
         words_of(dialect).rows_of(table) + ordered(dialect, cut, " DESC") + " LIMIT 1";
}

std::string select_latest(const Dialect& dialect, const Table& table, const Column& modified) {
  const std::string moment = words_of(dialect).moment(modified);
  return "SELECT max(" + moment + ") FROM " + words_of(dialect).rows_of(table) + " WHERE " +
         moment + " <= " + dialect.clock(modified).value_or("NULL");
}

std::string changed_since(const Dialect& dialect, const Column& modified, const std::string& time) {
  const std::string name = dialect.quote(modified.name);
  if (time.empty()) return name + " IS NOT NULL";
  const std::string moment = words_of(dialect).moment(modified);
  const std::string since = moment + " >= " + dialect.literal(time);
  if (moment == name) return since;
  return since + " OR " + name + " IS NOT NULL AND " + moment + " IS NULL";
}

std::string select_keys(const Dialect& dialect, const TableRead& table, const Page& range,
                        const std::string& condition, std::size_t most) {
  std::vector<std::string> terms = {"(" + condition + ")"};
  const std::string inside = dialect.range(table.table, table.cut, range.lower, range.upper);
  if (!inside.empty()) terms.push_back(inside);
  if (!table.where.empty()) terms.push_back("(" + table.where + "\n)");  // a comment may end it
  return "SELECT " + bound_texts(dialect, table.table, table.cut) + " FROM " +
         words_of(dialect).rows_of(table.table) + " WHERE " + joined(terms, " AND ") +
         ordered(dialect, table.cut, "") + " LIMIT " + std::to_string(most);
}

std::string has_key(const Dialect& dialect, const Table& table, const Cut& cut,
                    const std::vector<Bound>& keys) {
  const bool alone = cut.columns.size() == 1;
  std::vector<std::string> terms;
  for (const Bound& key : keys) {
    std::vector<std::string> values;
    for (std::size_t i = 0; i < cut.columns.size(); ++i) {
      const std::string value =
          words_of(dialect).bound_value(column_of(table, cut.columns[i]), key.at(i));
      values.push_back(alone ? value : dialect.quote(cut.columns[i]) + " = " + value);
    }
    terms.push_back(joined(values, " AND "));
  }
  if (alone) return dialect.quote(cut.columns[0]) + " IN (" + joined(terms, ", ") + ")";
  return joined(terms, " OR ");
}

}  // namespace rowferry::sql
