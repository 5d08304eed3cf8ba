#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rowferry::sqlite {

// What CREATE TABLE and CREATE INDEX say and no pragma tells. All names are without quotes,
// expressions verbatim and without the parentheses around them.

struct ColumnClauses {
  std::string name;
  std::string collation;
  std::string generated;  // expression; empty: not generated
};

struct CheckClause {
  std::string name;
  std::string expression;
};

// UNIQUE or PRIMARY KEY.
struct KeyClause {
  std::string name;
  std::vector<std::string> columns;
  bool primary = false;
};

struct ReferenceClause {
  std::string name;
  std::string deferral;  // as in ForeignKey
};

struct CreateTable {
  std::vector<ColumnClauses> columns;
  std::vector<CheckClause> checks;
  std::vector<KeyClause> keys;
  std::vector<ReferenceClause> references;  // in the order of the text
  std::vector<std::string> on_conflict;     // actions other than ABORT
  bool autoincrement = false;
};

struct CreateIndex {
  std::vector<std::string> parts;  // without COLLATE, ASC and DESC
  std::string predicate;
};

// Reads text that SQLite has accepted, as sqlite_schema keeps it.
CreateTable parse_create_table(std::string_view sql);
CreateIndex parse_create_index(std::string_view sql);

}  // namespace rowferry::sqlite
