// What a catalog reads is what was created, and creates it again.
#include <algorithm>

#include "conformance/suite.h"

namespace rowferry::conformance {
namespace {

using Names = std::vector<std::string>;

Names columns_of(const Index& index) {
  Names names;
  for (const IndexPart& part : index.parts) {
    names.push_back(part.column + (part.descending ? " DESC" : ""));
  }
  return names;
}

const Index& index_named(const Table& table, const std::string& name) {
  const auto found = std::find_if(table.indexes.begin(), table.indexes.end(),
                                  [&](const Index& index) { return index.name == name; });
  if (found == table.indexes.end()) throw std::runtime_error("no index " + name);
  return *found;
}

// Without the quotes around names that some servers print.
std::string bare(std::string text) {
  std::erase(text, '`');
  return text;
}

std::string text_of(const Boxed<Expression>& expression) {
  return expression ? bare(expression->text) : "";
}

std::string text_of(const Index& index) {
  return index.name + "(" + joined(columns_of(index)) + ")" + (index.unique ? " unique" : "") +
         (index.constraint ? " constraint" : "") + " where " + text_of(index.predicate) + "\n";
}

std::string text_of(const Column& column) {
  std::string text = column.name + " " + column.native + " " + describe(column.type) +
                     (column.nullable ? "" : " not null") + " default " +
                     text_of(column.default_value) + " collate " + column.collation;
  if (column.generated) {
    text += " generated " + column.generated->expression.text +
            (column.generated->stored ? " stored" : "");
  }
  if (column.identity) {
    text += " identity " + std::to_string(static_cast<int>(column.identity->how)) + " next " +
            std::to_string(column.identity->sequence.next);
  }
  return text + "\n";
}

// All that a table is, for comparing two of them.
std::string text_of(Table table, const Quirks& quirks) {
  for (Column& column : table.columns) {
    if (column.identity && !quirks.next_value_at_once) column.identity->sequence.next = 0;
  }
  for (Index& index : table.indexes) {
    index.constraint = index.constraint && quirks.unique_constraints;
  }
  std::string text = to_string(table.name) + " " + table.options + "\n";
  for (const Column& column : table.columns) text += text_of(column);
  if (table.primary_key) text += "key " + text_of(*table.primary_key);
  std::vector<std::string> rest;
  for (const Index& index : table.indexes) rest.push_back(text_of(index));
  for (const Check& check : table.checks) {
    rest.push_back(check.name + " check " + bare(check.expression.text) + "\n");
  }
  for (const ForeignKey& key : table.foreign_keys) {
    rest.push_back(key.name + " (" + joined(key.columns) + ") to " + to_string(key.to) + " (" +
                   joined(key.to_columns) + ") delete " + key.on_delete + " update " +
                   key.on_update + " " + key.deferral + "\n");
  }
  std::sort(rest.begin(), rest.end());
  return text + joined(rest, "");
}

// The same table, and those it refers to, in another schema.
Table moved(Table table, const std::string& schema) {
  table.name.schema = schema;
  for (ForeignKey& key : table.foreign_keys) key.to.schema = schema;
  return table;
}

class Catalogs : public Suite {
 protected:
  void SetUp() override {
    Suite::SetUp();
    if (IsSkipped()) return;
    const std::string number = quirks().native(Kind::int64);
    const std::string text = quirks().native(Kind::text);
    database().run("CREATE TABLE parent (a " + number + " NOT NULL, b " + text +
                   " NOT NULL, note " + text + ", PRIMARY KEY (b, a))");
    database().run(
        "CREATE TABLE child (id " + quirks().identity + ", pa " + number + ", pb " + text +
        ", qty " + quirks().native(Kind::decimal) + " NOT NULL DEFAULT 1.5, code " + text +
        " NOT NULL DEFAULT 'it''s', twice " + quirks().native(Kind::decimal) +
        " GENERATED ALWAYS AS (qty * 2) STORED,"
        " CONSTRAINT child_code UNIQUE (code, pa),"
        " CONSTRAINT child_parent FOREIGN KEY (pb, pa) REFERENCES parent (b, a)"
        " ON UPDATE CASCADE ON DELETE SET NULL" +
        (quirks().deferrals ? " DEFERRABLE INITIALLY DEFERRED" : "") +
        ","
        " CONSTRAINT child_child FOREIGN KEY (pa) REFERENCES child (id) ON DELETE RESTRICT,"
        " CONSTRAINT child_qty CHECK (qty > 0))");
    database().run("CREATE INDEX child_down ON child (qty DESC, code)");
    if (dialect().rules().partial_indexes) {
      database().run("CREATE UNIQUE INDEX child_some ON child (pb) WHERE qty > 5");
    }
    if (dialect().rules().expression_indexes) {
      database().run("CREATE INDEX child_lower ON child (lower(code))");
    }
  }
};

TEST_P(Catalogs, ReadColumns) {
  const Table child = describe("child");
  Names names;
  Names kinds;
  for (const Column& column : child.columns) {
    names.push_back(column.name + (column.nullable ? "" : "!"));
    kinds.push_back(rowferry::describe(column.type));
  }
  EXPECT_EQ(names, (Names{"id!", "pa", "pb", "qty!", "code!", "twice"}));
  const std::string text = rowferry::describe(dialect().to_type(quirks().native(Kind::text)));
  EXPECT_EQ(kinds, (Names{"int64", "int64", text, "decimal(15,3)", text, "decimal(15,3)"}));
  EXPECT_EQ(text_of(child.columns[3].default_value).substr(0, 3), "1.5");
  EXPECT_EQ(text_of(child.columns[4].default_value).substr(0, 7), "'it''s'");
  EXPECT_EQ(child.columns[3].default_value->flavour, dialect().facts().flavour);
  EXPECT_FALSE(child.columns[1].default_value);
  for (const Column& column : child.columns)
    EXPECT_EQ(column.identity.has_value(), column.name == "id");
}

TEST_P(Catalogs, ReadGeneratedColumns) {
  const Table child = describe("child");
  ASSERT_TRUE(child.columns[5].generated);
  EXPECT_TRUE(child.columns[5].generated->stored);
  EXPECT_NE(bare(child.columns[5].generated->expression.text).find("qty * "), std::string::npos);
  EXPECT_FALSE(child.columns[4].generated);
}

TEST_P(Catalogs, ReadTheNextValueOfAnIdentity) {
  EXPECT_EQ(describe("child").columns[0].identity->sequence.next, 1);
  database().run("INSERT INTO child (code) VALUES ('a'), ('b'), ('c'); DELETE FROM child");
  const Table child = describe("child");
  EXPECT_EQ(child.columns[0].identity->how, Identity::How::by_default);
  const std::int64_t next = child.columns[0].identity->sequence.next;
  EXPECT_TRUE(next == 4 || (quirks().numbers_in_chunks && next > 4)) << next;
}

TEST_P(Catalogs, ReadPrimaryKeysInTheOrderOfTheKey) {
  const Table parent = describe("parent");
  ASSERT_TRUE(parent.primary_key);
  EXPECT_EQ(columns_of(*parent.primary_key), (Names{"b", "a"}));
  EXPECT_TRUE(parent.primary_key->unique);
  EXPECT_TRUE(parent.indexes.empty());
  EXPECT_EQ(columns_of(*describe("child").primary_key), (Names{"id"}));
}

TEST_P(Catalogs, ReadIndexes) {
  const Table child = describe("child");
  const DdlRules& rules = dialect().rules();
  EXPECT_EQ(child.indexes.size(), 2U + (rules.partial_indexes ? 1 : 0) +
                                      (rules.expression_indexes ? 1 : 0) +
                                      (quirks().foreign_keys_make_indexes ? 2 : 0));
  const Index& code = index_named(child, "child_code");
  EXPECT_TRUE(code.unique && code.constraint);
  EXPECT_EQ(columns_of(code), (Names{"code", "pa"}));
  const Index& down = index_named(child, "child_down");
  EXPECT_FALSE(down.unique || down.constraint || down.predicate);
  EXPECT_EQ(columns_of(down), (Names{quirks().descending_indexes ? "qty DESC" : "qty", "code"}));
}

TEST_P(Catalogs, ReadPartialIndexes) {
  if (!dialect().rules().partial_indexes) GTEST_SKIP() << "none there";
  const Table child = describe("child");
  const Index& some = index_named(child, "child_some");
  EXPECT_TRUE(some.unique && !some.constraint);
  EXPECT_NE(text_of(some.predicate).find("qty >"), std::string::npos);
}

TEST_P(Catalogs, ReadIndexesOfExpressions) {
  if (!dialect().rules().expression_indexes) GTEST_SKIP() << "none there";
  const Table child = describe("child");
  const Index& lower = index_named(child, "child_lower");
  EXPECT_EQ(lower.parts.at(0).column, "");
  EXPECT_EQ(text_of(lower.parts.at(0).expression), "lower(code)");
}

TEST_P(Catalogs, ReadForeignKeysWithTheirActions) {
  const Table child = describe("child");
  ASSERT_EQ(child.foreign_keys.size(), 2U);
  const bool first = child.foreign_keys[0].name == "child_parent";
  const ForeignKey& parent = child.foreign_keys[first ? 0 : 1];
  EXPECT_EQ(parent.name, "child_parent");
  EXPECT_EQ(parent.columns, (Names{"pb", "pa"}));
  EXPECT_EQ(parent.to, name_of("parent"));
  EXPECT_EQ(parent.to_columns, (Names{"b", "a"}));
  EXPECT_EQ(parent.on_update, "CASCADE");
  EXPECT_EQ(parent.on_delete, "SET NULL");
  EXPECT_EQ(parent.deferral, quirks().deferrals ? "DEFERRABLE INITIALLY DEFERRED" : "");
  EXPECT_TRUE(parent.validated);
  const ForeignKey& self = child.foreign_keys[first ? 1 : 0];
  EXPECT_EQ(self.to, name_of("child"));
  EXPECT_EQ(self.on_update, "");
  EXPECT_EQ(self.on_delete, quirks().restrict_differs ? "RESTRICT" : "");
  EXPECT_EQ(self.deferral, "");
}

TEST_P(Catalogs, ReadChecks) {
  if (!quirks().checks) GTEST_SKIP() << "none there";
  const Table child = describe("child");
  ASSERT_EQ(child.checks.size(), 1U);
  EXPECT_EQ(child.checks[0].name, "child_qty");
  EXPECT_NE(bare(child.checks[0].expression.text).find("qty > "), std::string::npos);
  EXPECT_EQ(child.checks[0].expression.flavour, dialect().facts().flavour);
  EXPECT_TRUE(describe("parent").checks.empty());
}

TEST_P(Catalogs, TakeOnlyWhatIsWanted) {
  const auto catalog = engine().catalog(database().url(), options_);
  Names seen;
  const Schema schema = catalog->describe([&](const TableName& name) {
    seen.push_back(name.table);
    return name.table == "parent";
  });
  EXPECT_EQ(schema.tables.size(), 1U);
  EXPECT_NE(std::find(seen.begin(), seen.end(), "child"), seen.end());
}

TEST_P(Catalogs, LeaveTheLedgerOut) {
  const auto ledger = engine().ledger(database().url(), options_);
  ledger->claim({"job", "source", "label"});
  const auto catalog = engine().catalog(database().url(), options_);
  EXPECT_EQ(catalog->describe([](const TableName&) { return true; }).tables.size(), 2U);
}

TEST_P(Catalogs, RunStatementsAllOrNone) {
  const auto catalog = engine().catalog(database().url(), options_);
  const std::string parent = to_string(name_of("parent"));
  const std::string insert = "INSERT INTO " + parent + " VALUES (1, 'b', NULL)";
  EXPECT_NE(code_of([&] { catalog->execute(insert + "; " + insert); }), "");
  EXPECT_EQ(catalog->query("SELECT count(*) FROM " + parent)[0][0], "0");
  catalog->execute(insert);
  const auto rows = catalog->query("SELECT a, b, note FROM " + parent);
  EXPECT_EQ(rows, (std::vector<Cells>{{"1", "b", std::nullopt}}));
}

TEST_P(Catalogs, CreateAgainWhatTheyRead) {
  database().run("INSERT INTO child (code) VALUES ('a'), ('b')");
  const auto copy = quirks().make();
  const std::string schema = engine().probe(copy->url(), options_, false).default_schema;
  const std::vector<Table> tables = {moved(describe("parent"), schema),
                                     moved(describe("child"), schema)};
  const auto catalog = engine().catalog(copy->url(), options_);
  std::vector<Statement> statements;
  for (const Table& table : tables) {
    for (Statement& one : dialect().create(table)) statements.push_back(std::move(one));
  }
  std::stable_sort(statements.begin(), statements.end(),
                   [](const Statement& a, const Statement& b) { return a.stage < b.stage; });
  for (const Statement& statement : statements) {
    EXPECT_EQ(code_of([&] { catalog->execute(statement.sql); }), "") << statement.sql;
  }
  for (const Table& table : tables) {
    EXPECT_EQ(text_of(described(*catalog, table.name), quirks()), text_of(table, quirks()));
  }
  catalog->execute(dialect().drop({tables[0].name, tables[1].name}));
  EXPECT_TRUE(catalog->describe([](const TableName&) { return true; }).tables.empty());
}

ROWFERRY_EVERY_ENGINE(Catalogs);

}  // namespace
}  // namespace rowferry::conformance
