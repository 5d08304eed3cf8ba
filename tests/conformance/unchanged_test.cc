// A proof that rows still stand is never given where they do not, whatever became of them.
#include "conformance/suite.h"

namespace rowferry::conformance {
namespace {

constexpr int kRows = 2000;

class Unchanged : public Suite {
 protected:
  void SetUp() override {
    Suite::SetUp();
    if (IsSkipped()) return;
    database().run(quirks().before_proofs);
    const std::string number = quirks().native(Kind::int64);
    for (const char* table : {"t", "other"}) {
      database().run("CREATE TABLE " + std::string(table) + " (id " + number + " NOT NULL, n " +
                     number + ", PRIMARY KEY (id))");
    }
    database().run("CREATE TABLE heap (id " + number + ", n " + number + ")");
    std::string values = "(0, 0)";
    for (int i = 1; i < kRows; ++i) values += ", (" + std::to_string(i) + ", 0)";
    for (const char* table : {"t", "other", "heap"}) {
      database().run("INSERT INTO " + std::string(table) + " VALUES " + values);
    }
  }

  // Pages that a copy has landed, all but the last, and their rows.
  struct Landed {
    TableRead read;
    std::vector<Page> pages;
    std::int64_t rows = 0;
    std::string position;
  };

  Landed land(const std::string& table, const std::string& where = "") {
    const auto view = snapshot();
    Landed landed{.read = read_of(described(*view->catalog(), name_of(table))),
                  .pages = {},
                  .position = view->position()};
    landed.read.where = where;
    landed.read.cut = view->pager()->choose(landed.read.table);
    landed.pages = cut(*view->pager(), landed.read, {.rows = 100});
    if (landed.pages.size() > 1) landed.pages.pop_back();
    landed.rows = total(read_pages(*view, landed.read, landed.pages));
    return landed;
  }

  bool proven(const Landed& landed) {
    return snapshot()->pager()->unchanged(landed.read, landed.pages, landed.rows, landed.position);
  }
};

TEST_P(Unchanged, RowsThatChangedAreNotProven) {
  for (const std::string table : {"t", "heap"}) {
    for (const std::string change :
         {"INSERT INTO # VALUES (-5, 0)", "UPDATE # SET n = n + 1 WHERE id = 3",
          "UPDATE # SET id = -id WHERE id = 4", "DELETE FROM # WHERE id = 5",
          "UPDATE # SET id = id + 100000 WHERE id = 6",
          "DELETE FROM # WHERE id = 7; INSERT INTO # VALUES (7, 0)",
          "DELETE FROM #; INSERT INTO # SELECT * FROM other"}) {
      const Landed landed = land(table);
      std::string sql = change;
      for (auto at = sql.find('#'); at != std::string::npos; at = sql.find('#')) {
        sql.replace(at, 1, table);
      }
      // Into the room of a deleted row, so that it lies in a landed page of a table without a key.
      if (table == "heap" && sql.starts_with("INSERT")) continue;
      database().run(sql);
      EXPECT_FALSE(proven(landed)) << sql;
    }
  }
}

TEST_P(Unchanged, ValuesThatChangedWithoutTheirRowsAreNotProven) {
  for (const std::string& change : quirks().quiet_changes) {
    const Landed landed = land("quiet");
    ASSERT_GT(landed.rows, 0);
    EXPECT_EQ(proven(landed), quirks().proves_unchanged) << "before " << change;
    database().run(change);
    EXPECT_FALSE(proven(landed)) << change;
  }
}

TEST_P(Unchanged, RowsOfATransactionThatEndedLaterAreNotProven) {
  if (!quirks().many_writers) GTEST_SKIP() << "nobody writes while a snapshot is opened";
  const auto client = database().connect();
  client->run(
      "BEGIN; SAVEPOINT inner_one; DELETE FROM t WHERE id = 11; INSERT INTO t VALUES (11, 1)");
  const Landed landed = land("t");
  client->run("RELEASE SAVEPOINT inner_one; COMMIT");
  EXPECT_FALSE(proven(landed));
}

TEST_P(Unchanged, ConditionsThatDependOnTheTimeAreNotProven) {
  if (!quirks().proves_unchanged) GTEST_SKIP() << "no proofs here";
  EXPECT_FALSE(proven(land("t", "now() > '2000-01-01'")));
  EXPECT_FALSE(proven(land("t", "random() < 2")));
  EXPECT_FALSE(proven(land("t", "id <> 5 OR 'now' = 'x'")));
  for (const char* word : {"localtimestamp", "current_date", "LOCALTIME"}) {
    EXPECT_FALSE(proven(land("t", "id <> 5 OR " + std::string(word) + " IS NULL"))) << word;
  }
}

TEST_P(Unchanged, ValuesThatPrintWhatMayChangeElsewhereAreNotProven) {
  database().run(quirks().unprovable);
  database().run("INSERT INTO printed (id) VALUES (1)");
  EXPECT_FALSE(proven(land("printed")) && quirks().proves_unchanged);
}

TEST_P(Unchanged, WhatOthersChangeElsewhereDoesNotMatter) {
  if (!quirks().proves_unchanged) GTEST_SKIP() << "no proofs here";
  for (const std::string table : {"t", "heap"}) {
    for (const std::string where : {"", "id <> 5 AND n = 0"}) {
      const Landed landed = land(table, where);
      database().run("UPDATE other SET n = n + 1; CREATE TABLE \"new " + table + where + "\" (a " +
                     quirks().native(Kind::int64) + ")");
      database().run("ANALYZE");
      EXPECT_TRUE(proven(landed)) << table << " " << where;
    }
  }
}

TEST_P(Unchanged, ChangesBehindTheLandedPagesDoNotMatter) {
  if (!quirks().proves_unchanged) GTEST_SKIP() << "no proofs here";
  const Landed landed = land("t");
  database().run("UPDATE t SET n = 5 WHERE id = " + std::to_string(kRows - 1));
  EXPECT_TRUE(proven(landed));
}

ROWFERRY_EVERY_ENGINE(Unchanged);

}  // namespace
}  // namespace rowferry::conformance
