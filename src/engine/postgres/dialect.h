#pragma once

#include "engine/engine.h"
#include "engine/sql/mark_words.h"

namespace rowferry::postgres {

class PostgresDialect final : public Dialect, public sql::MarkWords {
 public:
  explicit PostgresDialect(ServerFacts facts) : facts_(std::move(facts)) {}

  const ServerFacts& facts() const override { return facts_; }
  const DdlRules& rules() const override;
  std::string quote(std::string_view identifier) const override;
  std::string literal(std::string_view text) const override;
  bool reserves(std::string_view word) const override;
  Type to_type(const std::string& native) const override;
  std::string spelled(const std::string& type) const override;
  NativeType to_native(const Column& column, const ServerFacts& source) const override;
  std::vector<Loss> fit(Table& table, const ServerFacts& source) const override;
  std::optional<Kind> wire(const Column& source, const Column& target) const override;
  std::optional<std::string> translate(const Expression& expression) const override;
  CellCheck check(const ColumnWrite& column) const override;
  std::string define(const Column& column, const Table& table) const override;
  std::vector<Statement> create(const Table& table) const override;
  std::vector<Statement> prepare(const Schema& schema) const override;
  std::string drop(const std::vector<TableName>& tables) const override;
  std::string range(const Table& table, const Cut& cut, const Bound& lower,
                    const Bound& upper) const override;
  std::optional<RowFormat> native_rows(const Table& source, const Table& target) const override;
  const sql::MarkWords* marks() const override { return this; }
  Kind native_kind(const Column& column) const override;
  std::optional<std::string> image(const Column& column, const Type* form,
                                   DigestWay way) const override;
  std::optional<std::string> clock(const Column& column) const override;
  std::string rows_of(const Table& table) const override;
  std::string bound_text(const Column& column) const override;
  std::string bound_value(const Column& column, const std::string& text) const override;
  std::string moment(const Column& column) const override;

 private:
  ServerFacts facts_;
};

// Identifiers and text literals, without a dialect. Text may hold backslashes; NUL cannot be.
std::string quote(std::string_view identifier);
std::string literal(std::string_view text);

// The table that a page of `part` is read from: a leaf partition, or the table itself for "".
TableName stored_name(const Table& table, const std::string& part);

// CREATE SEQUENCE for one that stands alone or belongs to a serial column, and the statement that
// sets what it gives out next.
std::string create_sequence(const Sequence& sequence);
std::string set_next(const Sequence& sequence);

}  // namespace rowferry::postgres
