#include "workflow/repairing.h"

#include <algorithm>
#include <map>
#include <set>

namespace rowferry {

namespace {

bool changes_rows(const std::string& action) {
  return action == "CASCADE" || action == "SET NULL" || action == "SET DEFAULT";
}

// The columns of the other table; those of its primary key where the key names none.
std::vector<std::string> columns_there(const Schema& there, const ForeignKey& key) {
  if (!key.to_columns.empty()) return key.to_columns;
  std::vector<std::string> columns;
  for (const Table& table : there.tables) {
    if (table.name != key.to || !table.primary_key) continue;
    for (const IndexPart& part : table.primary_key->parts) columns.push_back(part.column);
  }
  return columns;
}

int place_of(const TableWrite& rows, const std::string& name) {
  const auto found = std::find_if(rows.columns.begin(), rows.columns.end(),
                                  [&](const ColumnWrite& column) { return column.name == name; });
  return found == rows.columns.end() ? -1 : static_cast<int>(found - rows.columns.begin());
}

std::vector<Index> unique_keys(const Table& table) {
  std::vector<Index> keys;
  if (table.primary_key) keys.push_back(*table.primary_key);
  for (const Index& index : table.indexes) {
    if (index.unique) keys.push_back(index);
  }
  return keys;
}

// Whether no two rows of the target can be the same in the columns at `key`.
bool names_one_row(const Table& target, const TableWrite& rows, const std::vector<int>& key) {
  const auto within = [&](const IndexPart& part) {
    const Column* column = find_column(target, part.column);
    const int place = place_of(rows, part.column);
    return column != nullptr && !column->nullable &&
           std::find(key.begin(), key.end(), place) != key.end();
  };
  const std::vector<Index> keys = unique_keys(target);
  return std::any_of(keys.begin(), keys.end(), [&](const Index& index) {
    return !index.predicate && !index.parts.empty() &&
           std::all_of(index.parts.begin(), index.parts.end(), within);
  });
}

}  // namespace

std::vector<std::size_t> References::parents_first(const std::vector<TableName>& tables) const {
  std::map<TableName, std::size_t> places;
  for (std::size_t i = 0; i < tables.size(); ++i) places.emplace(tables[i], i);
  std::vector<std::vector<std::size_t>> parents(tables.size());
  for (const Table& table : there_.tables) {
    const auto child = places.find(table.name);
    if (child == places.end()) continue;
    for (const ForeignKey& key : table.foreign_keys) {
      const auto parent = places.find(key.to);
      if (parent != places.end()) parents[child->second].push_back(parent->second);
    }
  }
  std::vector<std::size_t> order;
  std::vector<bool> seen(tables.size());
  // A stack of its own: chains of tables may be long.
  struct Visit {
    std::size_t table;
    std::size_t next;
  };
  for (std::size_t first = 0; first < tables.size(); ++first) {
    if (seen[first]) continue;
    seen[first] = true;
    std::vector<Visit> stack{{first, 0}};
    while (!stack.empty()) {
      Visit& visit = stack.back();
      if (visit.next == parents[visit.table].size()) {
        order.push_back(visit.table);
        stack.pop_back();
        continue;
      }
      const std::size_t parent = parents[visit.table][visit.next++];
      if (seen[parent]) continue;
      seen[parent] = true;
      stack.push_back({parent, 0});
    }
  }
  return order;
}

std::vector<Cascade> References::cascades(const TableName& table) const {
  std::vector<Cascade> cascades;
  for (const Table& other : there_.tables) {
    for (const ForeignKey& key : other.foreign_keys) {
      if (key.to != table || !changes_rows(key.on_delete)) continue;
      const std::vector<std::string> to = columns_there(there_, key);
      if (to.size() != key.columns.size()) continue;
      cascades.push_back({.from = other.name, .columns = key.columns, .to_columns = to});
    }
  }
  return cascades;
}

std::vector<std::string> References::followed(const TableName& table,
                                              const std::set<TableName>& known) const {
  std::vector<std::string> columns;
  for (const Table& other : there_.tables) {
    if (known.count(other.name) > 0) continue;
    for (const ForeignKey& key : other.foreign_keys) {
      if (key.to != table || !changes_rows(key.on_update)) continue;
      for (std::string& column : columns_there(there_, key)) columns.push_back(std::move(column));
    }
  }
  return columns;
}

std::vector<TableName> References::touched(const TableName& table) const {
  std::set<TableName> found;
  for (const Table& other : there_.tables) {
    for (const ForeignKey& key : other.foreign_keys) {
      if (key.to != table) continue;
      if (changes_rows(key.on_delete) || changes_rows(key.on_update)) found.insert(other.name);
    }
  }
  return {found.begin(), found.end()};
}

RepairTable make_repair(const TablePlan& plan, const ComparedTable& compared,
                        const References& references) {
  RepairTable table;
  table.source = plan.read.table.name;
  MendedTable& mended = table.mended;
  mended.rows = plan.write;
  mended.rows.format = plan.read.format;
  mended.standing = mended.rows;
  const bool native = plan.read.format != RowFormat::cells;
  for (std::size_t i = 0; i < mended.rows.columns.size(); ++i) {
    mended.standing.columns[i].wire = compared.target.read.columns[i].wire;
    table.kinds.push_back(native ? compared.kinds[i] : mended.rows.columns[i].wire);
    table.standing_kinds.push_back(native ? compared.kinds[i] : compared.kinds[i]);
    const Column* column = find_column(plan.target, mended.rows.columns[i].name);
    mended.written.push_back(column != nullptr && !column->generated);
    mended.nullable.push_back(column != nullptr && column->nullable);
    if (column != nullptr && !column->on_update.empty()) {
      mended.own_will.push_back(static_cast<int>(i));
    }
  }
  if (names_one_row(plan.target, mended.rows, compared.key)) mended.key = compared.key;
  mended.unique = unique_keys(plan.target);
  mended.cascades = references.cascades(plan.write.name);
  mended.partitioned = plan.target.partitioned;
  return table;
}

}  // namespace rowferry
