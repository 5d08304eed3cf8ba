// Pages tile a table: every row is in exactly one.
#include <algorithm>

#include "conformance/suite.h"

namespace rowferry::conformance {
namespace {

constexpr int kRows = 3000;

class Pages : public Suite {
 protected:
  using Check = std::function<void(Snapshot&, const TableRead&, const Model&)>;

  // Whether the table is one page on this engine; asks that there is a reason for it.
  bool uncut(const TableRead& read) const {
    if (read.cut.by != Cut::By::whole) return false;
    EXPECT_FALSE(read.table.primary_key || quirks().keyless_pages);
    return true;
  }

  // Every shape in every storage, filled and seen through one snapshot.
  void with_every_table(const Check& check) {
    std::vector<Model> models;
    Random random(20240229);
    for (const Storage& storage : quirks().storages) {
      for (Shape& shape : shapes(quirks())) {
        if (shape.keys == 0 && !storage.keyless) continue;
        const std::string name = shape.name + "_" + storage.name;
        Model& model = models.emplace_back(quirks(), std::move(shape), name);
        database().run(model.create(storage));
        database().run(model.insert(random, kRows));
      }
    }
    const auto snapshot = this->snapshot();
    const auto catalog = snapshot->catalog();
    for (const Model& model : models) {
      SCOPED_TRACE(model.table());
      TableRead read = read_of(described(*catalog, name_of(model.table())));
      read.cut = snapshot->pager()->choose(read.table);
      check(*snapshot, read, model);
    }
  }

  static void expect_all_rows(Snapshot& snapshot, const TableRead& read, const Model& model,
                              const std::vector<Page>& pages) {
    expect_tiled(read.table, pages);
    EXPECT_EQ(difference(model.rows(), read_pages(snapshot, read, pages)), "");
  }
};

TEST_P(Pages, HoldEveryRowOnceForEveryKindOfKey) {
  with_every_table([](Snapshot& snapshot, const TableRead& read, const Model& model) {
    for (const PageSize& size : {PageSize{.rows = 150}, PageSize{.bytes = 16 << 10}, PageSize{}}) {
      expect_all_rows(snapshot, read, model, cut(*snapshot.pager(), read, size));
    }
  });
}

TEST_P(Pages, AreManyAndNoneIsHuge) {
  with_every_table([this](Snapshot& snapshot, const TableRead& read, const Model&) {
    if (uncut(read)) return;
    for (const PageSize& size : {PageSize{.rows = 150}, PageSize{.bytes = 16 << 10}}) {
      const std::vector<Page> pages = cut(*snapshot.pager(), read, size);
      EXPECT_GE(pages.size(), 5U);
      EXPECT_LE(pages.size(), 100U);
      const auto reader = snapshot.reader();
      std::int64_t most = 0;
      for (const Page& page : pages) {
        RowCounts rows;
        read_page(*reader, read, page, rows);
        most = std::max(most, total(rows));
      }
      EXPECT_LE(most, kRows / 3);
    }
  });
}

TEST_P(Pages, TileAgainWhenGapsAreCut) {
  with_every_table([this](Snapshot& snapshot, const TableRead& read, const Model& model) {
    if (uncut(read)) return;
    const auto pager = snapshot.pager();
    const std::vector<Page> first = cut(*pager, read, {.rows = 150});
    ASSERT_GE(first.size(), 4U);
    for (const std::size_t nth : {2, 3}) {
      std::vector<Page> pages;
      for (std::size_t i = 1; i < first.size(); i += nth) pages.push_back(first[i]);
      const std::vector<Page> more = cut(*pager, read, {.rows = 40}, pages);
      pages.insert(pages.end(), more.begin(), more.end());
      expect_all_rows(snapshot, read, model, pages);
    }
  });
}

TEST_P(Pages, TileAgainWhenOneLargeGapIsCut) {
  with_every_table([this](Snapshot& snapshot, const TableRead& read, const Model& model) {
    if (uncut(read)) return;
    const auto pager = snapshot.pager();
    const std::vector<Page> first = cut(*pager, read, {.rows = 100});
    ASSERT_GE(first.size(), 4U);
    std::vector<Page> pages = {first.front(), first.back()};
    if (read.table.partitioned) pages = {first[1]};
    const std::vector<Page> more = cut(*pager, read, {.rows = 100}, pages);
    EXPECT_GE(more.size(), 4U);
    pages.insert(pages.end(), more.begin(), more.end());
    expect_all_rows(snapshot, read, model, pages);
  });
}

TEST_P(Pages, AreReadAsRangesOnly) {
  with_every_table([this](Snapshot& snapshot, const TableRead& read, const Model&) {
    const std::vector<Page> pages = cut(*snapshot.pager(), read, {.rows = 150});
    const auto client = database().connect();
    const auto reader = snapshot.reader();
    for (std::size_t i = 0; i < pages.size(); i += 4) {
      const Page& page = pages[i];
      const std::string condition = dialect().range(read.table, read.cut, page.lower, page.upper);
      if (condition.empty()) continue;
      const std::string from = page.part.empty() ? to_string(read.table.name) : page.part;
      RowCounts rows;
      read_page(*reader, read, page, rows);
      EXPECT_EQ(quirks().beyond_range(*client, from, condition, total(rows)), "") << condition;
    }
  });
}

TEST_P(Pages, TakeAnEmptyTableWhole) {
  for (const Storage& storage : quirks().storages) {
    for (Shape& shape : shapes(quirks())) {
      if (shape.keys == 0 && !storage.keyless) continue;
      const std::string name = shape.name + "_" + storage.name;
      database().run(Model(quirks(), std::move(shape), name).create(storage));
      TableRead read = read_of(describe(name));
      const auto snapshot = this->snapshot();
      read.cut = snapshot->pager()->choose(read.table);
      const std::vector<Page> pages = cut(*snapshot->pager(), read, {.rows = 10});
      expect_tiled(read.table, pages);
      EXPECT_TRUE(read_pages(*snapshot, read, pages).empty());
    }
  }
}

TEST_P(Pages, KeepToTheConditionGiven) {
  Model model(quirks(), shapes(quirks())[0], "t");
  Random random(1);
  database().run(model.create(quirks().storages[0]));
  database().run(model.insert(random, kRows));
  const auto snapshot = this->snapshot();
  TableRead read = read_of(describe("t"));
  read.cut = snapshot->pager()->choose(read.table);
  read.where = "note IS NULL OR 1 = 0";
  const RowCounts rows = read_pages(*snapshot, read, cut(*snapshot->pager(), read, {.rows = 150}));
  EXPECT_EQ(std::to_string(total(rows)),
            database().value("SELECT count(*) FROM t WHERE note IS NULL"));
}

TEST_P(Pages, HaveOddNames) {
  const std::string name = "\"odd \"\" >= 'name\"";
  const std::string id = "\"a >= b\"";
  const std::string type = quirks().native(Kind::int64);
  database().run("CREATE TABLE " + name + " (" + id + " " + type + " NOT NULL, \"c,\"\"d\" " +
                 type + ", PRIMARY KEY (" + id + "))");
  std::string sql = "INSERT INTO " + name + " VALUES (0, 0)";
  for (int i = 1; i < kRows; ++i) sql += ", (" + std::to_string(i) + ", 1)";
  database().run(sql);
  const auto snapshot = this->snapshot();
  TableRead read = read_of(described(*snapshot->catalog(), name_of("odd \" >= 'name")));
  const auto pager = snapshot->pager();
  read.cut = pager->choose(read.table);
  std::vector<Page> pages = cut(*pager, read, {.rows = 150});
  pages = {pages.at(0), pages.at(3)};
  const std::vector<Page> more = cut(*pager, read, {.rows = 150}, pages);
  pages.insert(pages.end(), more.begin(), more.end());
  expect_tiled(read.table, pages);
  EXPECT_EQ(total(read_pages(*snapshot, read, pages)), kRows);
}

ROWFERRY_EVERY_ENGINE(Pages);

}  // namespace
}  // namespace rowferry::conformance
