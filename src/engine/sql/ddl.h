#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"

// Pieces of DDL text that every SQL engine writes alike. Pure functions of values.
namespace rowferry::sql {

// "schema"."table", or "table" without a schema.
std::string table_name(const Dialect& dialect, const TableName& name);
// "a", "b"
std::string column_list(const Dialect& dialect, const std::vector<std::string>& names);
// ("a", "b" DESC, (expression) COLLATE "x" operator_class)
std::string index_parts(const Dialect& dialect, const Index& index);
// [CONSTRAINT "n"] FOREIGN KEY ("a") REFERENCES "t" ("b") ON UPDATE … ON DELETE … DEFERRABLE …
std::string foreign_key_clause(const Dialect& dialect, const ForeignKey& key);
// [CONSTRAINT "n"] CHECK (…)
std::string check_clause(const Dialect& dialect, const Check& check);
// [CONSTRAINT "n"] PRIMARY KEY ("a", "b") method
std::string primary_key_clause(const Dialect& dialect, const Index& key);
// CREATE [UNIQUE] INDEX "n" ON "t" (…) WHERE …
std::string create_index(const Dialect& dialect, const Table& table, const Index& index);
// CREATE TABLE "t" (…) options, with those constraints inline that the dialect's rules say, and
// with `primary_key` as its own clause unless a column definition holds it already, and `more`
// clauses behind.
std::string create_table(const Dialect& dialect, const Table& table, bool primary_key,
                         const std::vector<std::string>& more = {});

// ALTER TABLE "t" DROP CONSTRAINT "n"
std::string drop_constraint(const Dialect& dialect, const TableName& table,
                            const std::string& name);

// `sql` with $1, $2, … replaced by literals of `values`.
std::string with_values(const Dialect& dialect, std::string_view sql,
                        const std::vector<std::string>& values);

std::string joined(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace rowferry::sql
