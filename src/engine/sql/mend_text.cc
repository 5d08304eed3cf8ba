#include "engine/sql/mend_text.h"

#include <algorithm>

#include "engine/sql/ddl.h"

namespace rowferry::sql {

namespace {

using Step = Mender::Step;

class Text {
 public:
  Text(const MendWords& words, const MendedTable& table, const TableWrite& rows)
      : words_(words), table_(table), rows_(rows) {}

  const ColumnWrite& column(int place) const {
    return rows_.columns[static_cast<std::size_t>(place)];
  }
  std::string name(int place) const { return words_.quote(column(place).name); }
  std::string ours(int place) const { return "t." + name(place); }
  std::string staged(int place) const { return words_.value(column(place), "s." + name(place)); }
  std::string sought(int place) const {
    return words_.sought ? words_.sought(column(place), "s." + name(place)) : staged(place);
  }

  std::vector<int> written() const {
    std::vector<int> places;
    for (std::size_t i = 0; i < table_.written.size(); ++i) {
      if (table_.written[i]) places.push_back(static_cast<int>(i));
    }
    return places;
  }

  // The key's columns on both sides, as the server compares them, or sign for sign.
  std::string same_key(bool exactly) const {
    std::vector<std::string> terms;
    for (const int place : table_.key) {
      terms.push_back(ours(place) + " = " + sought(place));
      const std::string more =
          exactly ? words_.exactly(column(place), ours(place), sought(place)) : "";
      if (!more.empty()) terms.push_back(more);
    }
    return joined(terms, " AND ");
  }

  std::string list(const std::vector<int>& places, const char* prefix) const {
    std::vector<std::string> names;
    for (const int place : places) names.push_back(prefix + name(place));
    return joined(names, ", ");
  }

  std::string insert() const {
    const std::vector<int> places = written();
    std::vector<std::string> values;
    for (const int place : places) values.push_back(staged(place));
    return words_.insert + words_.table + " (" + list(places, "") + ") " + words_.overriding +
           "SELECT " + joined(values, ", ") + (in_place() ? words_.nowhere : " FROM " + stage());
  }

  // UPDATE with the terms of its SET; the columns on their left are the table's.
  std::string update(const std::vector<std::pair<int, std::string>>& values, bool exactly) const {
    if (values.empty()) return "";
    std::vector<std::string> terms;
    for (const auto& [place, value] : values) {
      terms.push_back((words_.joins ? ours(place) : name(place)) + " = " + value);
    }
    const std::string set = " SET " + joined(terms, ", ");
    if (words_.joins && !in_place()) {
      return words_.update + words_.table + " AS t JOIN " + stage() + " ON " + same_key(exactly) +
             set;
    }
    return words_.update + words_.only + words_.table + " AS t" + set +
           (in_place() ? "" : " FROM " + stage()) + " WHERE " + same_key(exactly);
  }

  // No row elsewhere would be changed by a row's going.
  std::string unreferenced(const std::string& row) const {
    std::string text;
    for (const Cascade& cascade : table_.cascades) {
      if (words_.joins && refers_to_itself(cascade)) continue;
      text += " AND NOT EXISTS (SELECT 1 FROM " + named(cascade.from) + " AS c WHERE " +
              refers(cascade, "c", row) + ")";
    }
    return text;
  }

  bool refers_to_itself(const Cascade& cascade) const { return cascade.from == table_.rows.name; }

  // A row that refers to itself goes with itself.
  std::string refers(const Cascade& cascade, const std::string& from, const std::string& to) const {
    std::vector<std::string> terms;
    for (std::size_t i = 0; i < cascade.columns.size(); ++i) {
      terms.push_back(from + "." + words_.quote(cascade.columns[i]) + " = " + to + "." +
                      words_.quote(cascade.to_columns[i]));
    }
    if (!refers_to_itself(cascade)) return joined(terms, " AND ");
    std::vector<std::string> same;
    for (const int place : table_.key) {
      same.push_back(from + "." + name(place) + " = " + to + "." + name(place));
    }
    terms.push_back("NOT (" + joined(same, " AND ") + ")");
    return joined(terms, " AND ");
  }

  // Where a DELETE cannot ask for other rows of its table it can join them.
  std::string remove_joined(const std::string& same) const {
    std::string joins;
    std::string none;
    int number = 0;
    for (const Cascade& cascade : table_.cascades) {
      if (!refers_to_itself(cascade)) continue;
      const std::string other = "c" + std::to_string(++number);
      joins += " LEFT JOIN " + words_.table + " AS " + other + " ON " + refers(cascade, other, "t");
      none += " AND " + other + "." + name(table_.key.front()) + " IS NULL";
    }
    const std::string from = "DELETE t FROM " + words_.table + " AS t";
    if (in_place()) return from + joins + " WHERE " + same + none + unreferenced("t");
    return from + " JOIN " + stage() + " ON " + same + joins + " WHERE TRUE" + none +
           unreferenced("t");
  }

  std::string named(const TableName& table) const {
    return (table.schema.empty() ? "" : words_.quote(table.schema) + ".") +
           words_.quote(table.table);
  }

  std::string remove() const {
    const std::string same = same_key(true);
    if (words_.joins) return remove_joined(same);
    if (in_place()) {
      return "DELETE FROM " + words_.only + words_.table + " AS t WHERE " + same +
             unreferenced("t");
    }
    if (words_.finds_keys) {
      return "DELETE FROM " + words_.table + " WHERE (" + list(table_.key, "") + ") IN (SELECT " +
             list(table_.key, "t.") + " FROM " + words_.stage + " AS s CROSS JOIN " + words_.table +
             " AS t WHERE " + same + unreferenced("t") + ")";
    }
    return "DELETE FROM " + words_.only + words_.table + " AS t USING " + stage() + " WHERE " +
           same + unreferenced("t");
  }

 private:
  bool in_place() const { return words_.stage.empty(); }
  std::string stage() const { return words_.stage + " AS s"; }

  const MendWords& words_;
  const MendedTable& table_;
  const TableWrite& rows_;
};

int place_named(const MendedTable& table, const std::string& name) {
  const auto& columns = table.rows.columns;
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const ColumnWrite& column) { return column.name == name; });
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

bool contains(const std::vector<int>& places, int place) {
  return std::find(places.begin(), places.end(), place) != places.end();
}

}  // namespace

std::vector<int> parked_columns(const MendedTable& table) {
  std::vector<int> parked;
  if (table.key.empty()) return parked;  // no statement would find the row again
  for (const Index& index : table.unique) {
    int chosen = -1;
    for (const IndexPart& part : index.parts) {
      const int place = place_named(table, part.column);
      if (place < 0 || contains(table.key, place)) continue;
      if (table.written[static_cast<std::size_t>(place)]) chosen = place;
    }
    if (chosen >= 0 && !contains(parked, chosen)) parked.push_back(chosen);
  }
  return parked;
}

std::string take_over_keys(const MendWords& words, const MendedTable& table) {
  const Text text(words, table, table.rows);
  std::vector<std::pair<int, std::string>> values;
  for (const int place : table.key) values.emplace_back(place, text.staged(place));
  return text.update(values, false);
}

std::string select_kept(const MendWords& words, const MendedTable& table) {
  const Text text(words, table, table.standing);
  return "SELECT 1 FROM " + words.stage + " AS s JOIN " + words.only + words.table + " AS t ON " +
         text.same_key(true) + " LIMIT 1";
}

std::string insert_missing(const MendWords& words, const MendedTable& table) {
  const Text text(words, table, table.rows);
  return text.insert() + " WHERE NOT EXISTS (SELECT 1 FROM " + words.table + " AS t WHERE " +
         text.same_key(false) + ")";
}

std::string mend_text(const MendWords& words, Step step, const MendedTable& table,
                      const std::vector<int>& columns) {
  const bool standing = step == Step::remove || step == Step::vacate;
  const Text text(words, table, standing ? table.standing : table.rows);
  std::vector<std::pair<int, std::string>> values;
  switch (step) {
    case Step::insert:
      return text.insert();
    case Step::remove:
      return text.remove();
    case Step::update:
      for (const int place : columns) {
        if (table.written[static_cast<std::size_t>(place)]) {
          values.emplace_back(place, text.staged(place));
        }
      }
      for (const int place : values.empty() ? std::vector<int>{} : table.own_will) {
        if (!contains(columns, place)) values.emplace_back(place, text.staged(place));
      }
      return text.update(values, true);
    case Step::adopt:
      for (const int place : text.written()) {
        if (!contains(table.key, place)) values.emplace_back(place, text.staged(place));
      }
      return text.update(values, true);
    case Step::park:
    case Step::vacate:
      for (const int place : columns) {
        const bool nullable = table.nullable[static_cast<std::size_t>(place)];
        const std::string value = nullable ? "NULL" : words.spare(text.column(place));
        if (!value.empty()) values.emplace_back(place, value);
      }
      return text.update(values, true);
  }
  return "";
}

}  // namespace rowferry::sql
