#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/schema.h"
#include "engine/plan.h"
#include "workflow/naming.h"

namespace rowferry {

// "[SCOPE:]SUBJECT" and the decision, as the user wrote them, in order.
using RuleTexts = std::vector<std::pair<std::string, std::string>>;

// What the rules decide about one column.
struct ColumnDecision {
  enum class Enum { text, check, own };  // own: an enum of the target's

  std::string type;          // in the target's words; empty: as without rules
  Enum labels = Enum::text;  // what becomes of an enum
  Amendment amendment;
};

// The user's rules made ready. Of those that match, the last one decides; one with a scope before
// one without.
class Rules {
 public:
  // Throws Error{usage, "rule.…"} for a rule that cannot be read.
  explicit Rules(const RuleTexts& texts);
  ~Rules();
  Rules(Rules&&) noexcept;

  ColumnDecision decide(const TableName& table, const Column& column) const;
  LetterCase letters(const TableName& table) const;
  // Throws Error{usage, "rule.unused"} for a rule whose scope or type none of `tables` has.
  void check_used(const std::vector<Table>& tables) const;

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace rowferry
