#include "conformance/suite.h"

#include <algorithm>
#include <tuple>

#include "core/value.h"

namespace rowferry::conformance {

void Suite::SetUp() {
  if (!quirks().absent.empty()) GTEST_SKIP() << quirks().absent;
  engine_ = &find_engine(built_in_engines(), quirks().scheme);
  database_ = quirks().make();
  dialect_ = engine_->dialect(engine_->probe(database_->url(), options_, false));
}

TableName Suite::name_of(const std::string& table) const {
  return {dialect_->facts().default_schema, table};
}

Table Suite::describe(const std::string& table) {
  return described(*engine_->catalog(database_->url(), options_), name_of(table));
}

Table described(Catalog& catalog, const TableName& name) {
  Schema schema = catalog.describe([&](const TableName& one) { return one == name; });
  if (schema.tables.size() != 1) throw std::runtime_error("no table " + to_string(name));
  return std::move(schema.tables[0]);
}

TableRead read_of(const Table& table) {
  TableRead read;
  read.table = table;
  for (const Column& column : table.columns) {
    if (column.generated) continue;
    read.columns.push_back(
        {column.name, column.native, column.type, column.type.kind, column.type});
  }
  return read;
}

TableWrite write_of(const Table& table) {
  TableWrite write;
  write.name = table.name;
  for (const ColumnRead& column : read_of(table).columns) {
    write.columns.push_back({column.name, column.native, column.type, column.wire});
  }
  write.key = {0};
  write.plan = "plan";
  write.position = "position";
  return write;
}

std::vector<std::string> parts_of(const Table& table) {
  if (!table.partitioned) return {""};
  std::vector<std::string> parts;
  for (const Part& part : table.parts) parts.push_back(to_string(part.name));
  return parts;
}

std::vector<Page> cut(Pager& pager, const TableRead& read, const PageSize& size,
                      const std::vector<Page>& landed) {
  std::vector<Page> pages;
  for (const std::string& part : parts_of(read.table)) {
    for (const Gap& gap : gaps_between(landed, part)) {
      const std::vector<Page> more = pager.cut(read, gap, size);
      EXPECT_FALSE(more.empty());
      pages.insert(pages.end(), more.begin(), more.end());
    }
  }
  return pages;
}

void expect_tiled(const Table& table, std::vector<Page> pages) {
  std::sort(pages.begin(), pages.end(), [](const Page& a, const Page& b) {
    return std::tie(a.part, a.number) < std::tie(b.part, b.number);
  });
  std::vector<std::string> parts = parts_of(table);
  std::sort(parts.begin(), parts.end());
  auto page = pages.begin();
  for (const std::string& part : parts) {
    ASSERT_TRUE(page != pages.end() && page->part == part) << part;
    EXPECT_TRUE(page->lower.empty());
    EXPECT_GT(page->number, 0);
    for (++page; page != pages.end() && page->part == part; ++page) {
      const Page& before = *std::prev(page);
      EXPECT_FALSE(page->lower.empty());
      EXPECT_EQ(page->lower, before.upper);
      EXPECT_LT(before.number, page->number);
      EXPECT_EQ(to_bound(to_text(page->lower)), page->lower);
    }
    EXPECT_TRUE(std::prev(page)->upper.empty());
  }
  EXPECT_TRUE(page == pages.end());
}

void read_page(Reader& reader, const TableRead& read, const Page& page, RowCounts& rows) {
  reader.open(read, page, nullptr);
  for (Batch batch; reader.next(batch); batch.clear()) {
    CellCursor cursor(batch.bytes());
    while (!cursor.done()) {
      const int columns = cursor.row();
      ASSERT_EQ(columns, static_cast<int>(read.columns.size()));
      Cells cells;
      for (const ColumnRead& column : read.columns) {
        const std::string_view cell = cursor.cell();
        cells.push_back(cursor.null() ? std::nullopt : std::optional(to_text(column.wire, cell)));
      }
      ++rows[row_text(cells)];
    }
  }
}

RowCounts read_pages(Snapshot& snapshot, const TableRead& read, const std::vector<Page>& pages) {
  std::vector<std::unique_ptr<Reader>> readers;
  for (int i = 0; i < snapshot.readers(); ++i) readers.push_back(snapshot.reader());
  RowCounts rows;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    read_page(*readers[i % readers.size()], read, pages[i], rows);
  }
  return rows;
}

std::int64_t total(const RowCounts& rows) {
  std::int64_t sum = 0;
  for (const auto& [row, count] : rows) sum += count;
  return sum;
}

std::string code_of(const std::function<void()>& work) {
  try {
    work();
    return "";
  } catch (const Error& error) {
    return error.code();
  }
}

ErrorKind kind_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorKind::internal;
}

void PrintTo(const Quirks& quirks, std::ostream* out) {
  *out << quirks.name;
}

std::string test_name(const ::testing::TestParamInfo<Quirks>& info) {
  return info.param.name;
}

}  // namespace rowferry::conformance
