#include "workflow/schema_findings.h"

#include <algorithm>
#include <array>

#include "workflow/check.h"

namespace rowferry {

namespace {

struct Advice {
  std::string_view code;
  std::string_view hint;
};

// What to do about a loss: nothing, mostly, but to know of it.
constexpr std::array kAdvice = {
    Advice{"type.loses",
           "make sure that whoever reads the target can do with that, or leave the"
           " column out with --columns"},
    Advice{"type.left_out",
           "make the type at the target before the copy where its columns need it"},
    Advice{"column.default", "give the column a default at the target after the copy"},
    Advice{"column.on_update", "let the application set it, or a trigger at the target"},
    Advice{"column.generated", "let a view or a trigger at the target compute it"},
    Advice{"column.identity", "let a sequence or the application number the rows"},
    Advice{"column.collation", "expect another order, and other texts to be equal, at the target"},
    Advice{"column.shorter", "--probe counts the values that are too long"},
    Advice{"column.limit", "let the application keep to the limit"},
    Advice{"column.at_target", ""},
    Advice{"column.normalised", "use the text type where the spelling matters"},
    Advice{"primary_key.changed", "make sure that the values are unique for the target's key"},
    Advice{"index.left_out", "make an index in the target's words after the copy"},
    Advice{"index.changed", "look whether the queries that it is for still use it"},
    Advice{"check.left_out", "add it in the target's words after the copy"},
    Advice{"foreign_key.leaves", "select that table too, or do without the key"},
    Advice{"foreign_key.left_out", "keep its columns in --columns, or do without the key"},
    Advice{"foreign_key.changed", "look whether the application relies on it"},
    Advice{"foreign_key.stays", "--existing drop makes the table anew, with the source's key"},
    Advice{"comment.left_out", "keep the comments elsewhere"},
    Advice{"table.note", "look whether the target needs it"},
    Advice{"object.left_out", "make it at the target in its own words"},
    Advice{"sequence.left_out", "make it at the target where the application draws from it"},
    Advice{"trigger.aside", ""},
    Advice{"row.too_wide", "split the table, or leave columns out with --columns"},
};

const Advice& advice_on(std::string_view code) {
  static constexpr Advice kNone{"", "see docs/errors.md"};
  const auto found = std::find_if(kAdvice.begin(), kAdvice.end(),
                                  [&](const Advice& one) { return one.code == code; });
  return found == kAdvice.end() ? kNone : *found;
}

// A loss is a warning; what there is nothing to do about is a note.
Finding finding_of_loss(const Loss& loss, const std::string& where) {
  const Advice& advice = advice_on(loss.code);
  return {.severity = advice.hint.empty() ? Severity::note : Severity::warning,
          .code = loss.code,
          .where = where,
          .message = loss.text,
          .hint = std::string(advice.hint)};
}

Finding reserved(const std::string& where, const std::string& what, const std::string& product) {
  return {.severity = Severity::warning,
          .code = "name.reserved",
          .where = where,
          .message = what + " is a reserved word of " + product,
          .hint = "statements of your own must quote it there"};
}

// Words that only the target reserves: what the source reserves is quoted already.
class Names {
 public:
  Names(const Ends& ends, const TablePlan& plan, std::vector<Finding>& found)
      : from_(*ends.source_dialect),
        to_(*ends.target_dialect),
        plan_(plan),
        where_("table " + to_string(plan.read.table.name)),
        found_(found) {}

  void look() {
    look_at_words();
    for (const Index& index : plan_.read.table.indexes) {
      look_at_length("index", index.name, plan_.target.indexes);
    }
    for (const ForeignKey& key : plan_.read.table.foreign_keys) {
      look_at_length("foreign key", key.name, plan_.target.foreign_keys);
    }
    for (const Check& check : plan_.read.table.checks) {
      look_at_length("check", check.name, plan_.target.checks);
    }
  }

 private:
  bool new_word(const std::string& name) const {
    return to_.reserves(name) && !from_.reserves(name);
  }

  void look_at_words() {
    const std::string& product = to_.facts().product;
    if (new_word(plan_.write.name.table)) {
      found_.push_back(reserved(where_, "the table's name", product));
    }
    for (const Column& column : plan_.target.columns) {
      if (!new_word(column.name)) continue;
      found_.push_back(reserved(where_ + ", column " + column.name, "the column's name", product));
    }
  }

  // The target has it under a name that begins alike: it was cut.
  template <typename Thing>
  void look_at_length(const char* what, const std::string& name, const std::vector<Thing>& made) {
    const std::size_t most = to_.rules().name_bytes;
    if (most == 0 || name.size() <= most) return;
    for (const Thing& thing : made) {
      const bool cut = thing.name != name && thing.name.size() > 10 &&
                       name.starts_with(thing.name.substr(0, thing.name.size() - 10));
      if (!cut) continue;
      found_.push_back({.severity = Severity::warning,
                        .code = "name.shortened",
                        .where = where_,
                        .message = std::string(what) + " " + name + " becomes " + thing.name +
                                   ": the target allows " + std::to_string(most) +
                                   (to_.rules().name_in_characters ? " characters" : " bytes"),
                        .hint = "use the new name in statements of your own"});
      return;
    }
  }

  const Dialect& from_;
  const Dialect& to_;
  const TablePlan& plan_;
  std::string where_;
  std::vector<Finding>& found_;
};

}  // namespace

std::vector<Finding> schema_findings(const Ends& ends, const Plan& plan) {
  std::vector<Finding> found;
  for (const TablePlan& table : plan.tables) {
    const std::string where = "table " + to_string(table.read.table.name);
    for (const Error& error : table.errors) {
      found.push_back(finding_of(error, Severity::blocker));
      if (error.where().empty()) found.back().where = where;
    }
    for (const Loss& loss : table.not_carried) found.push_back(finding_of_loss(loss, where));
    Names(ends, table, found).look();
  }
  for (const Loss& loss : plan.not_carried) found.push_back(finding_of_loss(loss, ""));
  return found;
}

}  // namespace rowferry
