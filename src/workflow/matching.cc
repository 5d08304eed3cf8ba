#include "workflow/matching.h"

#include <strings.h>
#include <algorithm>
#include <optional>

#include "core/convert.h"
#include "engine/sql/rejected.h"

namespace rowferry {

namespace {

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

void check_extra(const std::vector<ColumnGoal>& goals, const Table& target, bool fold,
                 TablePlan& plan) {
  for (const Column& column : target.columns) {
    const bool filled = std::any_of(goals.begin(), goals.end(), [&](const ColumnGoal& goal) {
      return same_name(goal.name, column.name, fold);
    });
    if (filled || column.generated) continue;
    if (column.nullable || column.default_value || column.identity) {
      plan.not_carried.push_back(
          {"column.at_target",
           "column " + column.name + ": only at the target, filled by its default"});
    } else {
      plan.errors.push_back(misfit(
          plan, "the target's column " + column.name + " is NOT NULL and the source has none",
          "give it a default at the target"));
    }
  }
}

// A source column on its way into one of the target.
struct Pair {
  Column sent;
  Column taken;
  ColumnDecision decision;
  Kind read = Kind::text;   // as the reader's cells carry it
  Kind write = Kind::text;  // as the writer takes them
  Type limits = {};         // that the reader looks at
  bool stays = false;       // each value as it is stored, whatever it is declared as
  bool compared = false;    // what fits no other way is compared as text
};

bool is_taken(const std::vector<Pair>& pairs, const Column& column) {
  return std::any_of(pairs.begin(), pairs.end(),
                     [&](const Pair& pair) { return pair.taken.name == column.name; });
}

// What of the user's decision has a meaning between these two columns.
Amendment amendment_of(const Pair& pair) {
  Amendment amendment = pair.decision.amendment;
  const Kind kind = pair.taken.type.kind;
  const bool sized = pair.taken.type.length > 0 && (kind == Kind::text || kind == Kind::bytes);
  amendment.truncate = amendment.truncate && sized;
  amendment.strip_nul = amendment.strip_nul && (kind == Kind::text || kind == Kind::json);
  return amendment;
}

// What is to come out where values are looked at one by one on their way: what the target's column
// holds, and nothing that a column of fixed length would pad or trim.
Column as_held(const Pair& pair, const Dialect& to) {
  Column column = pair.taken;
  column.native.clear();
  column.type.fixed = to.pads(pair.taken);
  return column;
}

// The kinds that values are read and written in where the user has said what becomes of them;
// false where the one cannot become the other.
bool convert(Pair& pair, Amendment& amendment, const Dialect& to) {
  const auto written = to.wire(as_held(pair, to), pair.taken);
  const auto step = conversion(pair.sent.type.kind, pair.taken.type, false, false).step;
  if (!written || step == nullptr) return false;
  pair.read = pair.sent.type.kind;
  pair.write = *written;
  pair.limits.fixed = to.pads(pair.taken);
  amendment.convert = true;
  return true;
}

// Values that bring their own types along are read as the target's kind, but where it holds what
// they are declared as in another one: truths in a number, moments with a zone in UTC, numbers of
// many digits in a text.
bool is_declared(const Pair& pair, std::optional<Kind> declared) {
  if (!declared || *declared == pair.taken.type.kind) return false;
  switch (*declared) {
    case Kind::boolean:
    case Kind::uuid:
    case Kind::time:
    case Kind::timestamptz:
    case Kind::decimal:
    case Kind::interval:
    case Kind::bits:
      return true;
    default:
      return false;
  }
}

// Chooses the kinds; false where there are none.
bool choose_wire(Pair& pair, Amendment& amendment, const Dialect& from, const Dialect& to) {
  const bool checked = from.rules().values_checked;
  if (pair.stays) {
    pair.read = pair.write = Kind::dynamic;
    return true;
  }
  const Kind kind = pair.taken.type.kind;
  if (amendment.as_bytes && kind == Kind::bytes) {
    pair.read = pair.write = Kind::bytes;
    return true;
  }
  if (pair.decision.labels == ColumnDecision::Enum::own && pair.sent.type.kind == Kind::text) {
    pair.read = pair.write = Kind::text;
    return true;
  }
  // Digits of a string of bits are no number's.
  const bool bits = pair.sent.type.kind == Kind::bits;
  if (checked && bits && kind != Kind::bits && kind != Kind::text) return false;
  auto wire = to.wire(checked ? as_held(pair, to) : pair.sent, pair.taken);
  if (checked) pair.limits.fixed = to.pads(pair.taken);
  if (checked && pair.decision.type.empty()) {
    const auto declared = to.wire(pair.sent, pair.taken);
    if (is_declared(pair, declared)) {
      wire = declared;
      pair.limits = pair.sent.type;
    }
  }
  const bool ruled = !pair.decision.type.empty() && !checked;
  if (wire && (!ruled || *wire == kind)) {
    pair.read = pair.write = *wire;
    return true;
  }
  const bool may = ruled || (amendment.truncate && !checked);
  if (may && convert(pair, amendment, to)) return true;
  if (ruled && to.rules().values_checked) return false;  // it would hold what it is not declared as
  if (wire) pair.read = pair.write = *wire;
  return wire.has_value();
}

void add_pairs(std::vector<Pair>& pairs, const Dialect& from, const Dialect& to, TablePlan& plan) {
  plan.read.columns.reserve(pairs.size());
  plan.write.columns.reserve(pairs.size());
  const bool cells = plan.read.format == RowFormat::cells;
  for (Pair& pair : pairs) {
    Amendment amendment = cells ? amendment_of(pair) : Amendment{};
    pair.limits = pair.taken.type;
    if (!cells) pair.read = pair.write = Kind::dynamic;
    const bool fits = !cells || choose_wire(pair, amendment, from, to);
    if (!fits && pair.compared) {
      pair.read = pair.write = Kind::text;
      const bool own = from.facts().flavour == to.facts().flavour;
      if (!own || pair.sent.native != pair.taken.native)
        plan.compared_only.push_back(pair.taken.name);
    }
    if (!fits && !pair.compared) {
      plan.errors.push_back(
          misfit(plan,
                 "column " + pair.sent.name + " (" + pair.sent.native + ") does not fit " +
                     pair.taken.name + " (" + pair.taken.native + ") of the target",
                 "widen the target's column, leave it out with --columns, or say with --rule what"
                 " is to become of its values"));
    }
    plan.read.columns.push_back({.name = pair.sent.name,
                                 .native = pair.sent.native,
                                 .type = pair.sent.type,
                                 .wire = pair.read,
                                 .target = pair.limits,
                                 .nul_taken = to.rules().nul_in_texts,
                                 .amendment = amendment});
    plan.write.columns.push_back({.name = pair.taken.name,
                                  .native = pair.taken.native,
                                  .type = pair.taken.type,
                                  .wire = pair.write,
                                  .numbered = static_cast<bool>(pair.taken.identity)});
  }
}

// Whether the server's own form of the column's values means nothing elsewhere.
bool is_sealed(const Column& column, const Dialect& dialect) {
  const bool bytes = dialect.native_kind(column) == Kind::bytes;
  return bytes && column.type.kind != Kind::bytes && column.charset.empty();
}

// Rows pass unparsed where both ends are alike and nobody wants a value changed.
std::optional<RowFormat> native_format(const std::vector<Pair>& pairs, const Table& source,
                                       const Table& target, const Dialect& from,
                                       const Dialect& to) {
  if (from.facts().flavour != to.facts().flavour) return std::nullopt;
  Table sent;
  sent.options = source.options;
  Table taken;
  taken.options = target.options;
  for (const Pair& pair : pairs) {
    if (amendment_of(pair) != Amendment{}) return std::nullopt;
    sent.columns.push_back(pair.sent);
    taken.columns.push_back(pair.taken);
  }
  return to.native_rows(sent, taken);
}

// Where values bring their own types along, a column passes unparsed for itself.
void let_stay(std::vector<Pair>& pairs, const Table& source, const Table& target,
              const Dialect& from, const Dialect& to) {
  if (!from.rules().values_checked) return;
  for (Pair& pair : pairs) {
    pair.stays = native_format({pair}, source, target, from, to).has_value();
  }
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
  plan.write.key = sql::naming_columns(plan.write.key, plan.write.columns.size());
}

}  // namespace

std::string only_at_target(const std::string& column) {
  return "column " + column + ": only at the target";
}

void match_columns(const Table& source, const std::vector<ColumnGoal>& goals, const Table& target,
                   const Dialect& from, const Dialect& to, TablePlan& plan) {
  const bool fold = from.rules().folds_case || to.rules().folds_case;
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < source.columns.size(); ++i) {
    const Column& column = source.columns[i];
    const Column* found = counterpart(target.columns, goals[i].name, fold);
    if (found == nullptr && column.generated) continue;
    if (found == nullptr) {
      plan.errors.push_back(misfit(plan, "the target has no column " + goals[i].name,
                                   "add it there, or leave it out with --columns"));
    } else if (is_taken(pairs, *found)) {
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
        plan.not_carried.push_back(
            {"column.normalised", "column " + column.name + ": " + found->native +
                                      " keeps the meaning of a text, not its order and spacing"});
      }
      pairs.push_back({.sent = column, .taken = *found, .decision = goals[i].decision});
    }
  }
  check_extra(goals, target, fold, plan);
  plan.read.format = plan.write.format =
      native_format(pairs, source, target, from, to).value_or(RowFormat::cells);
  let_stay(pairs, source, target, from, to);
  add_pairs(pairs, from, to, plan);
  name_key(source, plan);
  if (pairs.empty() && plan.errors.empty()) {
    plan.errors.push_back(
        misfit(plan, "no column is left to copy", "name columns that the source has"));
  }
}

void pair_columns(const Table& source, const std::vector<ColumnGoal>& goals, const Table& target,
                  const Dialect& from, const Dialect& to, bool printed, TablePlan& plan) {
  const bool fold = from.rules().folds_case || to.rules().folds_case;
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < source.columns.size(); ++i) {
    const Column* found = counterpart(target.columns, goals[i].name, fold);
    if (found == nullptr || is_taken(pairs, *found)) {
      plan.not_carried.push_back(
          {"column.missing", "column " + source.columns[i].name + ": missing at the target"});
      continue;
    }
    pairs.push_back({.sent = source.columns[i], .taken = *found, .decision = goals[i].decision});
  }
  for (const Column& column : target.columns) {
    if (is_taken(pairs, column)) continue;
    plan.not_carried.push_back({"column.at_target", only_at_target(column.name)});
  }
  const bool sealed = printed && std::any_of(pairs.begin(), pairs.end(), [&](const Pair& pair) {
                        return is_sealed(pair.taken, to);
                      });
  if (!sealed && native_format(pairs, source, target, from, to) == RowFormat::native) {
    plan.read.format = RowFormat::native;
  }
  let_stay(pairs, source, target, from, to);
  for (Pair& pair : pairs) pair.compared = true;
  add_pairs(pairs, from, to, plan);
  name_key(source, plan);
}

}  // namespace rowferry
