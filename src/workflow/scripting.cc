#include "workflow/scripting.h"

#include <algorithm>
#include <map>

#include "engine/sql/script.h"

namespace rowferry {

namespace {

using Places = std::vector<int>;

int place_of(const MendedTable& table, const std::string& name) {
  const auto& columns = table.rows.columns;
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const ColumnWrite& column) { return column.name == name; });
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

bool contains(const Places& places, int place) {
  return std::find(places.begin(), places.end(), place) != places.end();
}

const Table* find_table(const Schema& schema, const TableName& name) {
  const auto found = std::find_if(schema.tables.begin(), schema.tables.end(),
                                  [&](const Table& table) { return table.name == name; });
  return found == schema.tables.end() ? nullptr : &*found;
}

// One NULL lets a key refer to nothing, but for MATCH FULL, which wants all of them. None: it
// cannot be done.
Places set_free(const ForeignKey& key, const MendedTable& table) {
  Places places;
  for (const std::string& name : key.columns) {
    const int place = place_of(table, name);
    const auto at = static_cast<std::size_t>(place);
    const bool can =
        place >= 0 && table.nullable[at] && table.written[at] && !contains(table.key, place);
    if (can) places.push_back(place);
  }
  if (key.match_full) return places.size() == key.columns.size() ? places : Places{};
  if (places.size() > 1) places.resize(1);
  return places;
}

// Whether the server may take texts that differ for one, as far as can be seen.
bool folds(const Column& column, const DdlRules& rules) {
  const Kind kind = column.type.kind;
  if (kind != Kind::text && kind != Kind::dynamic) return false;
  return rules.folds_texts || !column.collation.empty() || column.native == "citext";
}

// Says what a script does not make the same.
void name_left_out(const SyncReport& report, const ScriptSettings& settings) {
  const auto say = [&](const std::string& text) {
    settings.put(sql::comment(text) + "\n");
    settings.note(text);
  };
  for (const SyncedTable& table : report.tables) {
    const std::string name = to_string(table.target);
    for (const Error& error : table.errors) say(name + " is left out: " + error.message());
    if (!table.errors.empty()) continue;
    if (table.by.empty()) say(name + " is missing, and this script does not make it: sync does");
    for (const Loss& note : table.notes) say(name + ": " + note.text);
    const std::int64_t unreadable = table.compared.unreadable;
    if (unreadable > 0) {
      say(name + ": " + std::to_string(unreadable) + " rows cannot be read and are left out");
    }
  }
}

// Columns that are not there yet have no values in the script.
// True when some are altered.
bool alter_columns(const SyncReport& report, const ScriptSettings& settings) {
  bool any = false;
  for (const SyncedTable& table : report.tables) {
    if (table.altered.empty()) continue;
    settings.put("\n" + sql::comment(to_string(table.target) + ": columns") + "\n");
    for (const std::string& sql : table.altered) settings.put(sql + ";\n");
    any = true;
  }
  if (!any) return false;
  const std::string text =
      "values for columns that are added or altered are not in this script: print another one when"
      " it has run";
  settings.put(sql::comment(text) + "\n");
  settings.note(text);
  return true;
}

// Whether values of a unique key can neither be told from the row's own key nor be put aside.
bool hides(const Index& index, const MendedTable& table) {
  const bool within = std::all_of(
      index.parts.begin(), index.parts.end(),
      [&](const IndexPart& part) { return contains(table.key, place_of(table, part.column)); });
  const bool parks =
      std::any_of(index.parts.begin(), index.parts.end(), [&](const IndexPart& part) {
        const int place = place_of(table, part.column);
        return place >= 0 && !contains(table.key, place) &&
               table.written[static_cast<std::size_t>(place)];
      });
  return !within && !parks;
}

// Columns of `table` that keys of other tables, or its own, refer to.
Places referred(const MendedTable& table, const Table& target, const Schema& there) {
  std::vector<std::string> names;
  for (const Table& other : there.tables) {
    for (const ForeignKey& key : other.foreign_keys) {
      if (key.to != table.rows.name) continue;
      names.insert(names.end(), key.to_columns.begin(), key.to_columns.end());
      if (!key.to_columns.empty() || !target.primary_key) continue;
      for (const IndexPart& part : target.primary_key->parts) names.push_back(part.column);
    }
  }
  Places places;
  for (const std::string& name : names) {
    if (const int place = place_of(table, name); place >= 0) places.push_back(place);
  }
  return places;
}

}  // namespace

std::vector<ScriptTable> script_tables(const std::vector<RepairTable>& tables, const Schema& there,
                                       const DdlRules& rules) {
  std::map<TableName, std::size_t> order;
  for (std::size_t i = 0; i < tables.size(); ++i) order.emplace(tables[i].mended.rows.name, i);
  std::vector<ScriptTable> made;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const MendedTable& mended = tables[i].mended;
    ScriptTable table;
    table.repair = tables[i];
    if (const Table* found = find_table(there, mended.rows.name)) table.target = *found;
    for (const ForeignKey& key : table.target.foreign_keys) {
      const auto to = order.find(key.to);
      if (to == order.end() || to->second < i) continue;
      const Places places = set_free(key, mended);
      table.tangled = table.tangled || places.empty();
      for (const int place : places) {
        if (!contains(table.late, place)) table.late.push_back(place);
      }
    }
    table.referred = referred(mended, table.target, there);
    for (const Index& index : mended.unique) {
      if (hides(index, mended)) table.hidden.push_back(index.name);
    }
    for (const int place : mended.key) {
      const Column* column =
          find_column(table.target, mended.rows.columns[static_cast<std::size_t>(place)].name);
      table.folds = table.folds || (column != nullptr && folds(*column, rules));
    }
    made.push_back(std::move(table));
  }
  return made;
}

void print_script(const std::vector<ScriptTable>& tables, ChangeLog& changes, const Ends& ends,
                  const SyncReport& report, const ScriptSettings& settings) {
  const auto words = ends.to.script(ends.target_dialect->facts());
  const auto line = [&](const std::string& text) { settings.put(text + "\n"); };
  line(sql::comment("rowferry sync --print-sql"));
  line(sql::comment("source: " + ends.source.text()));
  line(sql::comment("target: " + ends.target.text()));
  name_left_out(report, settings);
  line("");
  for (const std::string& text : words->head()) line(text);
  const bool altered = alter_columns(report, settings);
  write_script(tables, changes, *words, settings);
  line("");
  line(sql::comment(changes.any() || altered ? "end of the script" : "nothing to change"));
}

}  // namespace rowferry
