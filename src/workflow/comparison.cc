#include "workflow/comparison.h"

#include <algorithm>

#include "engine/sql/ddl.h"
#include "workflow/digesting.h"
#include "workflow/table_run.h"

namespace rowferry {

namespace {

// One column of both sides.
struct Compare {
  const ColumnRead& read;
  const ColumnWrite& write;
  const Column& sent;
  const Column& taken;
};

bool is_text(Kind kind) {
  return kind == Kind::text || kind == Kind::json;
}

// The kind that cells of both sides meet in: the one they travel in, where the target gives its
// values back in it, or else that of the target's column.
Kind meeting_kind(const Compare& column) {
  const Kind sent = column.write.wire;
  const Kind held = column.taken.type.kind;
  if (sent == held || sent == Kind::text || sent == Kind::dynamic) return sent;
  return conversion(sent, {.kind = held}, false, false).step != nullptr ? held : Kind::text;
}

// `cells`: the kind that the side's cells are read in.
Form form_of(const Compare& column, Kind cells, Kind kind, const Dialect& to, bool same_type) {
  Form form;
  const Type& held = column.taken.type;
  if (cells != kind) {
    form.conversion = conversion(
        cells, {.kind = kind, .precision = held.precision, .scale = held.scale}, false, false);
  }
  const bool scaled = kind == Kind::decimal && held.kind == kind && held.precision > 0;
  if (scaled && held.scale >= 0 && !same_type) form.scale = held.scale;
  form.trimmed = is_text(kind) && to.pads(column.taken);
  form.document = is_text(kind) && held.kind == Kind::json && column.taken.normalises;
  return form;
}

std::vector<Gap> all_of(const Table& table) {
  std::vector<Gap> gaps;
  for (const std::string& part : parts_of(table)) {
    for (Gap& gap : gaps_between({}, part)) gaps.push_back(std::move(gap));
  }
  return gaps;
}

int place_of(const TableRead& read, const std::string& name) {
  const auto found = std::find_if(read.columns.begin(), read.columns.end(),
                                  [&](const ColumnRead& column) { return column.name == name; });
  return found == read.columns.end() ? -1 : static_cast<int>(found - read.columns.begin());
}

// Empty where a part of the index is not among what is compared, or may be NULL.
std::vector<int> places_of(const Index& index, const TableRead& read) {
  std::vector<int> places;
  for (const IndexPart& part : index.parts) {
    const Column* column = find_column(read.table, part.column);
    const int place = place_of(read, part.column);
    if (place < 0 || column == nullptr || column->nullable) return {};
    places.push_back(place);
  }
  return places;
}

std::vector<int> key_of(const TableRead& read) {
  std::vector<int> key;
  if (read.table.primary_key) key = places_of(*read.table.primary_key, read);
  for (const Index& index : read.table.indexes) {
    if (key.empty() && index.unique && !index.predicate) key = places_of(index, read);
  }
  return key;
}

bool is_whole(const Type& type) {
  return type.kind == Kind::int16 || type.kind == Kind::int32 || type.kind == Kind::int64;
}

// Whether both ends put the column's values in one order, and read each other's bounds.
bool ordered_alike(const Column& sent, const Column& taken, const Dialect& from,
                   const Dialect& to) {
  if (is_whole(sent.type) && is_whole(taken.type)) return widens(sent.type, taken.type);
  if (from.facts().flavour != to.facts().flavour || from.rules().values_checked) return false;
  if (sent.native != taken.native) return false;
  switch (sent.type.kind) {
    case Kind::decimal:
    case Kind::bytes:
    case Kind::uuid:
    case Kind::date:
    case Kind::timestamp:
    case Kind::timestamptz:
      return true;
    default:
      return false;
  }
}

// Cuts both sides by the source's key, if the target seeks it.
bool cut_alike(const TablePlan& plan, const Dialect& from, const Dialect& to,
               ComparedTable& table) {
  const Cut& cut = table.source.read.cut;
  const bool parts = !plan.read.table.parts.empty() || !plan.target.parts.empty() ||
                     plan.read.table.partitioned || plan.target.partitioned;
  if (cut.by != Cut::By::key || parts) return false;
  std::vector<std::string> there;
  for (const std::string& name : cut.columns) {
    const int place = place_of(plan.read, name);
    if (place < 0) return false;
    const std::string& target = plan.write.columns[static_cast<std::size_t>(place)].name;
    const Column* sent = find_column(plan.read.table, name);
    const Column* taken = find_column(plan.target, target);
    if (sent == nullptr || taken == nullptr || !ordered_alike(*sent, *taken, from, to)) {
      return false;
    }
    there.push_back(target);
  }
  return table.target.read.cut == Cut{.by = Cut::By::key, .columns = there};
}

std::function<std::string(const Page&)> within(const Dialect& dialect, const TableRead& read) {
  return [&dialect, table = read.table, cut = read.cut](const Page& page) {
    return dialect.range(table, cut, page.lower, page.upper);
  };
}

}  // namespace

ComparedTable make_comparison(const TablePlan& plan, const Dialect& from, const Dialect& to,
                              Pager& source, Pager& target, const DigestWish& wish) {
  ComparedTable table;
  table.source.read = plan.read;
  table.source.read.cut = source.choose(plan.read.table);
  table.source.gaps = all_of(plan.read.table);
  table.target.read.table = plan.target;
  table.target.read.where = plan.read.where;
  table.target.read.cut = target.choose(plan.target);
  table.target.gaps = all_of(plan.target);
  table.target.read.format = plan.read.format;
  const bool native = plan.read.format == RowFormat::native;
  const bool one_kind = from.facts().flavour == to.facts().flavour;
  for (std::size_t i = 0; i < plan.read.columns.size(); ++i) {
    const Compare column{.read = plan.read.columns[i],
                         .write = plan.write.columns[i],
                         .sent = *find_column(plan.read.table, plan.read.columns[i].name),
                         .taken = *find_column(plan.target, plan.write.columns[i].name)};
    const Kind kind = native ? Kind::dynamic : meeting_kind(column);
    const bool same_type = one_kind && column.sent.native == column.taken.native;
    table.kinds.push_back(native ? to.native_kind(column.taken) : kind);
    table.source.forms.push_back(native ? Form{}
                                        : form_of(column, column.write.wire, kind, to, same_type));
    table.target.forms.push_back(native ? Form{} : form_of(column, kind, kind, to, same_type));
    table.target.read.columns.push_back({.name = column.taken.name,
                                         .native = column.taken.native,
                                         .type = column.taken.type,
                                         .wire = kind,
                                         .target = column.taken.type,
                                         .nul_taken = true});
  }
  table.key = key_of(plan.read);
  table.ranges = cut_alike(plan, from, to, table);
  table.source.within = within(from, table.source.read);
  table.target.within = within(to, table.target.read);
  choose_digests(plan, from, to, wish, table);
  return table;
}

std::optional<Cut> shared_key(const ComparedTable& table, const Dialect& from, const Dialect& to) {
  const TableRead& here = table.source.read;
  const TableRead& there = table.target.read;
  const bool parts = !here.table.parts.empty() || !there.table.parts.empty() ||
                     here.table.partitioned || there.table.partitioned;
  if (here.cut.by != Cut::By::key || parts) return std::nullopt;
  Cut cut{.by = Cut::By::key, .columns = {}};
  for (const std::string& name : here.cut.columns) {
    const int place = place_of(here, name);
    if (place < 0) return std::nullopt;
    const std::string& target = there.columns[static_cast<std::size_t>(place)].name;
    const Column* sent = find_column(here.table, name);
    const Column* taken = find_column(there.table, target);
    if (sent == nullptr || taken == nullptr || !ordered_alike(*sent, *taken, from, to)) {
      return std::nullopt;
    }
    cut.columns.push_back(target);
  }
  return cut;
}

std::string describe(const ComparedTable& table) {
  const auto listed = [](const std::vector<std::string>& names) {
    return names.size() == 1 ? names[0] : "(" + sql::joined(names, ", ") + ")";
  };
  if (table.ranges) return "ranges of " + listed(table.source.read.cut.columns);
  if (table.key.empty()) return "buckets of whole rows";
  std::vector<std::string> names;
  for (const int place : table.key) {
    names.push_back(table.source.read.columns[static_cast<std::size_t>(place)].name);
  }
  return "buckets of " + listed(names);
}

}  // namespace rowferry
