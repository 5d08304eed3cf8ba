#pragma once

#include <string>
#include <utility>

#include "engine/engine.h"
#include "engine/sql/mark_words.h"

namespace rowferry::sqlite {

// "identifier" and 'text'.
std::string quote(std::string_view identifier);
std::string literal(std::string_view text);

// True for a table whose options say WITHOUT ROWID.
bool without_rowid(const Table& table);

// A condition for the half-open range between two bounds of literals; empty when both are open.
std::string range_condition(const Table& table, const Cut& cut, const Bound& lower,
                            const Bound& upper);
// The columns of a cut as the left side of a comparison that the table's key can serve: "id", or
// ("a", "b"). A bound as its right side: ('x' COLLATE NOCASE, 5); there and not on the left, where
// it would keep SQLite from using the key.
std::string key_expression(const Cut& cut);
std::string bound_expression(const Table& table, const Cut& cut, const Bound& bound);

// " COLLATE x" where the primary key compares `column` otherwise than the column itself; or "".
std::string key_collation(const Table& table, const std::string& column);

class SqliteDialect final : public Dialect, public sql::MarkWords {
 public:
  explicit SqliteDialect(ServerFacts facts) : facts_(std::move(facts)) {}

  const ServerFacts& facts() const override { return facts_; }
  const DdlRules& rules() const override;
  std::string quote(std::string_view identifier) const override;
  std::string literal(std::string_view text) const override;
  bool reserves(std::string_view word) const override;
  Type to_type(const std::string& native) const override;
  NativeType to_native(const Column& column, const ServerFacts& source) const override;
  std::optional<Kind> wire(const Column& source, const Column& target) const override;
  std::optional<std::string> translate(const Expression& expression) const override;
  CellCheck check(const ColumnWrite& column) const override;
  std::string define(const Column& column, const Table& table) const override;
  std::vector<Statement> create(const Table& table) const override;
  std::string drop(const std::vector<TableName>& tables) const override;
  std::string range(const Table& table, const Cut& cut, const Bound& lower,
                    const Bound& upper) const override;
  // Exact where each pair of columns has one affinity: what it did to a value it has done already.
  std::optional<RowFormat> native_rows(const Table& source, const Table& target) const override;
  const sql::MarkWords* marks() const override { return this; }
  Kind native_kind(const Column&) const override { return Kind::dynamic; }
  std::optional<std::string> clock(const Column& column) const override;
  std::string rows_of(const Table& table) const override;
  std::string bound_text(const Column& column) const override;
  std::string bound_value(const Column& column, const std::string& text) const override;
  std::string moment(const Column& column) const override;

 private:
  ServerFacts facts_;
};

}  // namespace rowferry::sqlite
