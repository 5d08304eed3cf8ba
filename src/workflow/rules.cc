#include "workflow/rules.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/error.h"
#include "workflow/pattern.h"

namespace rowferry {

namespace {

struct Decision {
  std::string_view name;
  void (*apply)(ColumnDecision&);
};

// A subject with the decisions there are about it. The first of each is what happens without rules.
struct Subject {
  std::string_view name;
  std::array<Decision, 3> decisions;
};

void nothing(ColumnDecision&) {}

constexpr std::array kSubjects = {
    Subject{"zero-date",
            {{{"error", [](ColumnDecision& d) { d.amendment.zero_date_null = false; }},
              {"null", [](ColumnDecision& d) { d.amendment.zero_date_null = true; }}}}},
    Subject{"nul",
            {{{"error",
               [](ColumnDecision& d) { d.amendment.strip_nul = d.amendment.as_bytes = false; }},
              {"strip", [](ColumnDecision& d) { d.amendment.strip_nul = true; }},
              {"bytes", [](ColumnDecision& d) { d.amendment.as_bytes = true; }}}}},
    Subject{"bad-utf8",
            {{{"error", [](ColumnDecision& d) { d.amendment.as_bytes = false; }},
              {"bytes", [](ColumnDecision& d) { d.amendment.as_bytes = true; }}}}},
    Subject{"too-long",
            {{{"error", [](ColumnDecision& d) { d.amendment.truncate = false; }},
              {"truncate", [](ColumnDecision& d) { d.amendment.truncate = true; }}}}},
    Subject{"enum",
            {{{"text", [](ColumnDecision& d) { d.labels = ColumnDecision::Enum::text; }},
              {"check", [](ColumnDecision& d) { d.labels = ColumnDecision::Enum::check; }},
              {"enum", [](ColumnDecision& d) { d.labels = ColumnDecision::Enum::own; }}}}},
    Subject{"names", {{{"keep", nothing}, {"lower", nothing}, {"snake", nothing}}}},
};

constexpr std::string_view kNames = "names";
constexpr std::string_view kType = "type";

// The kinds that a subject is about; of the others it says nothing.
bool concerns(std::string_view subject, Kind kind) {
  const bool text = kind == Kind::text || kind == Kind::json || kind == Kind::dynamic;
  if (subject == "zero-date") {
    return kind == Kind::date || kind == Kind::timestamp || kind == Kind::timestamptz;
  }
  if (subject == "too-long") return text || kind == Kind::bytes;
  if (subject == "nul" || subject == "bad-utf8") return text;
  return true;
}

const Subject* find_subject(std::string_view name) {
  const auto* found = std::find_if(kSubjects.begin(), kSubjects.end(),
                                   [&](const Subject& subject) { return subject.name == name; });
  return found == kSubjects.end() ? nullptr : found;
}

Error refusal(const char* code, const std::string& message) {
  return Error(ErrorKind::usage, code, message)
      .hint("a rule is [SCOPE:]SUBJECT=DECISION; docs/rules.md lists subjects and decisions");
}

// One rule, taken apart.
struct Rule {
  std::string text;
  std::optional<Pattern> scope;
  const Subject* subject = nullptr;  // null: a type
  std::optional<Pattern> native;     // the source's type; none: any
  std::size_t decision = 0;          // of the subject
  std::string type;                  // the target's

  bool covers(const TableName& table) const { return !scope || scope->matches(table); }
  bool covers(const TableName& table, const std::string& column) const {
    return covers(table) || scope->matches(to_string(table) + "." + column) ||
           scope->matches(table.table + "." + column);
  }
  bool is_of(const TableName& table, const Column& column) const {
    return covers(table, column.name) && (!native || native->matches(column.native));
  }
};

std::size_t find_decision(const Rule& rule, std::string_view name) {
  const auto& decisions = rule.subject->decisions;
  const auto* found = std::find_if(decisions.begin(), decisions.end(),
                                   [&](const Decision& one) { return one.name == name; });
  if (found != decisions.end() && !name.empty()) {
    return static_cast<std::size_t>(found - decisions.begin());
  }
  std::string all;
  for (const Decision& one : decisions) {
    if (!one.name.empty()) all += (all.empty() ? "" : ", ") + std::string(one.name);
  }
  throw refusal("rule.decision", "rule '" + rule.text + "': the decision must be one of " + all);
}

Rule compile(const std::string& left, const std::string& decision) {
  Rule rule;
  rule.text = left + "=" + decision;
  const std::size_t colon = left.rfind(':');
  if (colon != std::string::npos) rule.scope.emplace(left.substr(0, colon));
  const std::string subject = colon == std::string::npos ? left : left.substr(colon + 1);
  rule.subject = find_subject(subject);
  if (rule.subject != nullptr) {
    rule.decision = find_decision(rule, decision);
    return rule;
  }
  rule.type = decision;
  if (subject != kType) rule.native.emplace(subject);
  if (subject == kType && !rule.scope) {
    throw refusal("rule.scope", "rule '" + rule.text + "' does not say which columns it is about");
  }
  return rule;
}

}  // namespace

struct Rules::Compiled {
  std::vector<Rule> rules;  // those without a scope first
};

Rules::Rules(const RuleTexts& texts) : compiled_(std::make_unique<Compiled>()) {
  auto& rules = compiled_->rules;
  for (const auto& [left, decision] : texts) rules.push_back(compile(left, decision));
  std::stable_sort(rules.begin(), rules.end(),
                   [](const Rule& a, const Rule& b) { return !a.scope && b.scope; });
}

Rules::~Rules() = default;
Rules::Rules(Rules&&) noexcept = default;

ColumnDecision Rules::decide(const TableName& table, const Column& column) const {
  ColumnDecision decision;
  for (const Rule& rule : compiled_->rules) {
    if (!rule.is_of(table, column)) continue;
    if (rule.subject == nullptr) {
      decision.type = rule.type;
    } else if (concerns(rule.subject->name, column.type.kind)) {
      rule.subject->decisions.at(rule.decision).apply(decision);
    }
  }
  return decision;
}

LetterCase Rules::letters(const TableName& table) const {
  LetterCase letters = LetterCase::keep;
  for (const Rule& rule : compiled_->rules) {
    const bool names = rule.subject != nullptr && rule.subject->name == kNames;
    if (names && rule.covers(table)) letters = static_cast<LetterCase>(rule.decision);
  }
  return letters;
}

void Rules::check_used(const std::vector<Table>& tables) const {
  for (const Rule& rule : compiled_->rules) {
    if (!rule.scope && !rule.native) continue;
    const bool used = std::any_of(tables.begin(), tables.end(), [&](const Table& table) {
      if (rule.scope && rule.covers(table.name) && !rule.native) return true;
      return std::any_of(table.columns.begin(), table.columns.end(),
                         [&](const Column& column) { return rule.is_of(table.name, column); });
    });
    if (used) continue;
    throw refusal("rule.unused", "rule '" + rule.text + "' is about no column of the source");
  }
}

}  // namespace rowferry
