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

// For a default of a column of type `from` that becomes one of type `to`: a literal that stands for
// the same value in both, NULL or the current date or time. Nothing for all else.
std::optional<std::string> portable_default(const Expression& expression, const Type& from,
                                            const Type& to, const Dialect& source,
                                            const Dialect& target);

// The same without what literals are said to be: 'a'::shop.size is 'a'.
Expression without_casts(const Expression& expression);

// Whether a column of `names` takes part.
bool names_any(const Expression& expression, const std::set<std::string>& names);

// Whether texts are compared in a way that is their collation's: another server has another one.
// Where the server `folds` texts all but those whose names end with _bin, elsewhere those that are
// named, and CHAR.
bool compares_by_collation(const Expression& expression, const Table& table, bool folds);

// Whether two expressions are the same but for what servers write in their own way when they keep
// one: parentheses, quotes, the case of words, casts, names of character sets before texts.
bool reads_alike(const Expression& one, const Expression& other);

// `expression`, in the target's words, with whole numbers of less than 64 bits taken for such where
// it adds, subtracts or multiplies: some engines compute so anyhow, others fail beyond the width of
// the columns, which are those of `table`.
Expression widened(const Expression& expression, const Table& table, const Dialect& target);

// Whether the value is true or false, being that of a comparison or of conditions.
bool gives_truth(const Expression& expression);

// True when computing `expression` gives the same bits on every engine: only whole numbers from
// `table` take part, or only texts that are put together and never compared.
bool exact_arithmetic(const Expression& expression, const Table& table);

}  // namespace rowferry::sql
