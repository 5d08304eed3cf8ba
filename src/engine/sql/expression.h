#pragma once

#include <optional>
#include <set>
#include <string>

#include "engine/engine.h"

namespace rowferry::sql {

// `expression` in words that mean the same to every SQL engine here, with identifiers quoted for
// `target`: literals, columns, comparisons, AND / OR / NOT / IN / IS NULL / BETWEEN, + - *, and a
// few functions. Nothing for all else (division, LIKE, casts, most functions): engines differ on
// it.
std::optional<std::string> portable(const Expression& expression, const Dialect& target);

// For a default: a literal, NULL or the current date or time. Nothing for all else.
std::optional<std::string> portable_default(const Expression& expression, const Type& type,
                                            const Dialect& target);

// Whether a column of `names` takes part.
bool names_any(const Expression& expression, const std::set<std::string>& names);

// Whether texts are compared in a way that is their collation's: another server has another one.
// Where the server `folds` texts all but those whose names end with _bin, elsewhere those that are
// named, and CHAR.
bool compares_by_collation(const Expression& expression, const Table& table, bool folds);

// True when computing `expression` gives the same bits on every engine: only whole numbers from
// `table` take part, or only texts that are put together and never compared.
bool exact_arithmetic(const Expression& expression, const Table& table);

}  // namespace rowferry::sql
