#include "engine/postgres/alter.h"

#include "engine/postgres/dialect.h"
#include "engine/postgres/types.h"
#include "engine/sql/ddl.h"

namespace rowferry::postgres {

namespace {

class Words final : public sql::AlterWords {
 public:
  bool holds(const Column& column, const Column& other) const override {
    if (column.native == other.native) return true;
    return sends_kind(column.native) && sends_kind(other.native) && widens(other.type, column.type);
  }
  std::string retype(const Table& table, const Column& column,
                     const Column& wanted) const override {
    return "ALTER TABLE " + sql::table_name(PostgresDialect({}), table.name) + " ALTER COLUMN " +
           quote(column.name) + " TYPE " + wanted.native;
  }
};

}  // namespace

std::unique_ptr<sql::AlterWords> alter_words(const ServerFacts&) {
  return std::make_unique<Words>();
}

}  // namespace rowferry::postgres
