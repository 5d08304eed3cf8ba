#pragma once

#include <string>
#include <utility>

#include "engine/sql/expression.h"
#include "workflow/translate.h"

namespace rowferry {

// One table on its way: what those who carry its parts over share, and what they add to.
struct Crossing {
  const Table& from;
  const Dialect& source;
  const Dialect& target;
  const DdlRules& rules;  // the target's
  const bool same;        // both ends are of one kind
  NameSet& names;
  Translation& result;

  Table& to() const { return result.table; }

  // Whether the target is, and the source is not, one that minds the types of what it computes.
  bool stricter() const { return rules.typed_operators && !source.rules().typed_operators; }

  Expression widened(const Expression& expression) const {
    return stricter() ? sql::widened(expression, from, target) : expression;
  }

  void lose(const char* code, std::string what) const {
    result.not_carried.push_back({code, std::move(what)});
  }

  void refuse(const char* code, const std::string& message, const std::string& hint) const {
    result.errors.push_back(
        Error(ErrorKind::schema, code, message).at("table " + to_string(from.name)).hint(hint));
  }

  // Unique among those of its kind in the schema, or among the table's.
  std::string constraint_name(const std::string& name, const char* kind, bool by_schema) const {
    const std::string wanted = name.empty() ? to().name.table + "_" + kind : name;
    const std::string& schema = to().name.schema;
    return names.take(schema + '\x1f' + (by_schema ? kind : to().name.table), wanted);
  }
};

}  // namespace rowferry
