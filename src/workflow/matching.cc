#include "workflow/matching.h"

#include <strings.h>
#include <algorithm>

namespace rowferry {

namespace {

constexpr std::size_t kNamedColumns = 3;  // of a table without a key, in messages

bool same_name(const std::string& a, const std::string& b, bool fold) {
  return fold ? strcasecmp(a.c_str(), b.c_str()) == 0 : a == b;
}

// By the exact name first, so that names which differ by case only stay apart where they can.
const Column* counterpart(const std::vector<Column>& columns, const std::string& name, bool fold) {
  for (const bool folded : {false, true}) {
    if (folded && !fold) break;
    for (const Column& column : columns) {
      if (same_name(column.name, name, folded)) return &column;
    }
  }
  return nullptr;
}

Error misfit(const TablePlan& plan, const std::string& message, const std::string& hint) {
  return Error(ErrorKind::schema, "column.misfit", message)
      .at("table " + to_string(plan.write.name))
      .hint(hint);
}

bool is_taken(const std::vector<Column>& taken, const Column& column) {
  return std::any_of(taken.begin(), taken.end(),
                     [&](const Column& other) { return other.name == column.name; });
}

void check_extra(const Table& source, const Table& target, bool fold, TablePlan& plan) {
  for (const Column& column : target.columns) {
    if (counterpart(source.columns, column.name, fold) != nullptr || column.generated) continue;
    if (column.nullable || column.default_value || column.identity) {
      plan.not_carried.push_back("column " + column.name +
                                 ": only at the target, filled by its default");
    } else {
      plan.errors.push_back(misfit(
          plan, "the target's column " + column.name + " is NOT NULL and the source has none",
          "give it a default at the target"));
    }
  }
}

void add_columns(const std::vector<Column>& source, const std::vector<Column>& target,
                 const std::vector<Kind>& wires, TablePlan& plan) {
  plan.read.columns.reserve(source.size());
  plan.write.columns.reserve(source.size());
  for (std::size_t i = 0; i < source.size(); ++i) {
    plan.read.columns.push_back({.name = source[i].name,
                                 .native = source[i].native,
                                 .type = source[i].type,
                                 .wire = wires[i],
                                 .target = target[i].type});
    plan.write.columns.push_back({.name = target[i].name,
                                  .native = target[i].native,
                                  .type = target[i].type,
                                  .wire = wires[i]});
  }
}

// The kind each pair travels in; an error for each pair that has none.
std::vector<Kind> wires_of(const std::vector<Column>& source, const std::vector<Column>& target,
                           const Dialect& from, const Dialect& to, TablePlan& plan) {
  std::vector<Kind> wires;
  for (std::size_t i = 0; i < source.size(); ++i) {
    const Column& sent = from.rules().values_checked ? target[i] : source[i];
    const std::optional<Kind> wire = to.wire(sent, target[i]);
    wires.push_back(wire.value_or(Kind::text));
    if (wire) continue;
    plan.errors.push_back(misfit(plan,
                                 "column " + source[i].name + " (" + source[i].native +
                                     ") does not fit " + target[i].name + " (" + target[i].native +
                                     ") of the target",
                                 "widen the target's column, or leave it out with --columns"));
  }
  return wires;
}

void name_key(const Table& source, TablePlan& plan) {
  const auto position = [&](const std::string& name) {
    const auto& columns = plan.read.columns;
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const ColumnRead& column) { return column.name == name; });
    return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
  };
  if (source.primary_key) {
    for (const IndexPart& part : source.primary_key->parts) {
      if (const int at = position(part.column); at >= 0) plan.write.key.push_back(at);
    }
  }
  if (!plan.write.key.empty()) return;
  for (std::size_t i = 0; i < std::min(kNamedColumns, plan.write.columns.size()); ++i) {
    plan.write.key.push_back(static_cast<int>(i));
  }
}

}  // namespace

void match_columns(const Table& source, const Table& target, const Dialect& from, const Dialect& to,
                   TablePlan& plan) {
  const bool fold = from.rules().folds_case || to.rules().folds_case;
  std::vector<Column> sent;
  std::vector<Column> taken;
  for (const Column& column : source.columns) {
    const Column* found = counterpart(target.columns, column.name, fold);
    if (found == nullptr && column.generated) continue;
    if (found == nullptr) {
      plan.errors.push_back(misfit(plan, "the target has no column " + column.name,
                                   "add it there, or leave it out with --columns"));
    } else if (is_taken(taken, *found)) {
      plan.errors.push_back(
          misfit(plan, "two columns of the source would go to the target's " + found->name,
                 "leave one of them out with --columns"));
    } else if (found->generated && !column.generated) {
      plan.errors.push_back(misfit(
          plan,
          "the target computes " + found->name + " itself, and the source's values may be others",
          "make it an ordinary column there, or leave it out with"
          " --columns"));
    } else if (!found->generated) {
      if (found->normalises && found->native != column.native) {
        plan.not_carried.push_back("column " + column.name + ": " + found->native +
                                   " keeps the meaning of a text, not its order and spacing");
      }
      sent.push_back(column);
      taken.push_back(*found);
    }
  }
  check_extra(source, target, fold, plan);
  const bool same = from.facts().flavour == to.facts().flavour;
  const auto format = same ? to.native_rows(sent, taken) : std::nullopt;
  plan.read.format = plan.write.format = format.value_or(RowFormat::cells);
  const std::vector<Kind> wires = format ? std::vector<Kind>(sent.size(), Kind::dynamic)
                                         : wires_of(sent, taken, from, to, plan);
  add_columns(sent, taken, wires, plan);
  name_key(source, plan);
  if (sent.empty() && plan.errors.empty()) {
    plan.errors.push_back(
        misfit(plan, "no column is left to copy", "name columns that the source has"));
  }
}

}  // namespace rowferry
