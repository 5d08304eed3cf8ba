#include "engine/sql/mend_text.h"

#include <gtest/gtest.h>

namespace rowferry::sql {
namespace {

using Step = Mender::Step;

class MendText : public testing::Test {
 protected:
  MendText() {
    table_.rows.name = {"", "t"};
    for (const char* name : {"id", "a", "b", "at"}) {
      table_.rows.columns.push_back({.name = name, .native = "", .type = {}, .wire = Kind::int64});
    }
    table_.standing = table_.rows;
    table_.key = {0};
    table_.written = {true, true, false, true};
    table_.nullable = {false, false, false, true};
    table_.own_will = {3};
    words_.table = "T";
    words_.stage = "S";
    words_.quote = [](std::string_view name) { return std::string(name); };
    words_.exactly = [](const ColumnWrite&, const std::string&, const std::string&) {
      return std::string();
    };
    words_.value = [](const ColumnWrite&, const std::string& staged) { return staged; };
    words_.spare = [](const ColumnWrite& column) { return "free(" + column.name + ")"; };
  }

  std::string text(Step step, const std::vector<int>& columns = {}) {
    return mend_text(words_, step, table_, columns);
  }

  MendWords words_;
  MendedTable table_;
};

TEST_F(MendText, WritesNoColumnThatTheServerComputes) {
  EXPECT_EQ(text(Step::insert), "INSERT INTO T (id, a, at) SELECT s.id, s.a, s.at FROM S AS s");
  EXPECT_EQ(text(Step::update, {2}), "");
}

TEST_F(MendText, SetsWhatTheServerWouldSetByItself) {
  EXPECT_EQ(text(Step::update, {1, 2}),
            "UPDATE T AS t SET a = s.a, at = s.at FROM S AS s WHERE t.id = s.id");
}

TEST_F(MendText, FindsRowsSignForSign) {
  words_.exactly = [](const ColumnWrite&, const std::string& a, const std::string& b) {
    return a + " IS " + b;
  };
  EXPECT_EQ(text(Step::remove),
            "DELETE FROM T AS t USING S AS s WHERE t.id = s.id AND t.id IS s.id");
}

TEST_F(MendText, RemovesNoRowWhoseGoingWouldChangeOthers) {
  table_.cascades.push_back({.from = {"", "c"}, .columns = {"x"}, .to_columns = {"a"}});
  table_.cascades.push_back({.from = {"", "t"}, .columns = {"up"}, .to_columns = {"id"}});
  const std::string others = " AND NOT EXISTS (SELECT 1 FROM c AS c WHERE c.x = t.a)";
  EXPECT_EQ(text(Step::remove),
            "DELETE FROM T AS t USING S AS s WHERE t.id = s.id" + others +
                " AND NOT EXISTS (SELECT 1 FROM t AS c WHERE c.up = t.id AND NOT (c.id = t.id))");
  words_.joins = true;
  EXPECT_EQ(text(Step::remove),
            "DELETE t FROM T AS t JOIN S AS s ON t.id = s.id LEFT JOIN T AS c1 ON c1.up = t.id AND"
            " NOT (c1.id = t.id) WHERE TRUE AND c1.id IS NULL" +
                others);
}

TEST_F(MendText, ParksOneColumnOfEachUniqueKeyThatIsNotTheKey) {
  const auto unique = [&](std::vector<std::string> columns) {
    Index index;
    index.unique = true;
    for (std::string& column : columns) index.parts.emplace_back().column = std::move(column);
    table_.unique.push_back(std::move(index));
  };
  unique({"id"});
  unique({"id", "a"});
  unique({"b"});  // computed
  EXPECT_EQ(parked_columns(table_), std::vector<int>{1});
  EXPECT_EQ(text(Step::park, {3}), "UPDATE T AS t SET at = NULL FROM S AS s WHERE t.id = s.id");
  EXPECT_EQ(text(Step::park, {1}), "UPDATE T AS t SET a = free(a) FROM S AS s WHERE t.id = s.id");
}

}  // namespace
}  // namespace rowferry::sql
