#include "engine/postgres/pager.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/postgres/dialect.h"
#include "engine/postgres/unchanged.h"
#include "engine/sql/ddl.h"

namespace rowferry::postgres {

namespace {

constexpr std::int64_t kBlock = 8192;
constexpr std::int64_t kSmall = 1000;       // blocks that are read whole for a sample
constexpr double kBlocksPerPage = 32;       // sampled blocks that put a bound within a few per cent
constexpr double kMostOfTable = 0.03;       // of the blocks, so that planning stays cheap
constexpr std::int64_t kRowsPerBlock = 60;  // for tables that were never analysed

// What the server says of a table's or partition's size.
struct Size {
  std::int64_t blocks = 0;
  std::int64_t bytes = 0;  // with values stored out of line
  std::int64_t rows = 0;
};

std::int64_t block_of(const Bound& bound) {
  return bound.empty() ? 0 : std::atoll(bound.front().c_str() + 1);
}

Bound at_block(std::int64_t block) {
  return {"(" + std::to_string(block) + ",0)"};
}

bool serves_as_key(const Table& table, const Index& index) {
  if (!index.method.empty() || index.predicate || !index.unique) return false;
  return std::all_of(index.parts.begin(), index.parts.end(), [&](const IndexPart& part) {
    const Column* column = find_column(table, part.column);
    return column != nullptr && !column->nullable && !column->own_order && !part.descending &&
           part.collation.empty() && part.operator_class.empty();
  });
}

std::vector<std::string> column_names(const Index& index) {
  std::vector<std::string> names;
  for (const IndexPart& part : index.parts) names.push_back(part.column);
  return names;
}

// Gives the locks of the tables read within its life back, so that ten thousand tables do not fill
// the server's lock table.
class Locks {
 public:
  explicit Locks(Connection& connection) : connection_(connection) {
    connection_.run("SAVEPOINT rowferry_locks");
  }
  ~Locks() {
    try {
      connection_.run("ROLLBACK TO SAVEPOINT rowferry_locks; RELEASE SAVEPOINT rowferry_locks");
    } catch (const Error&) {  // the connection is gone, and its locks with it
    }
  }
  Locks(const Locks&) = delete;
  Locks& operator=(const Locks&) = delete;

 private:
  Connection& connection_;
};

class PostgresPager final : public Pager {
 public:
  PostgresPager(std::unique_ptr<Connection> connection, std::string position)
      : connection_(std::move(connection)), position_(std::move(position)), dialect_({}) {}

  Cut choose(const Table& table) override {
    if (table.primary_key && serves_as_key(table, *table.primary_key)) {
      return {.by = Cut::By::key, .columns = column_names(*table.primary_key)};
    }
    for (const Index& index : table.indexes) {
      if (serves_as_key(table, index)) return {.by = Cut::By::key, .columns = column_names(index)};
    }
    if (connection_->version() >= 140000) return {.by = Cut::By::physical, .columns = {"ctid"}};
    return {};
  }

  std::vector<Page> cut(const TableRead& table, const Gap& gap, const PageSize& size) override {
    const TableName name = stored_name(table.table, gap.part);
    if (table.cut.by == Cut::By::whole || gap.missing() == 1) return pages_between(gap, {});
    const Locks locks(*connection_);
    const Size stored = size_of(name);
    const std::int64_t wanted = wanted_pages(stored, size);
    if (wanted <= 1 && gap.lower.empty()) return pages_between(gap, {});
    if (table.cut.by == Cut::By::physical) return pages_between(gap, blocks(gap, stored, wanted));
    return pages_between(gap, keys(table, name, gap, stored, wanted));
  }

  bool unchanged(const TableRead& table, const std::vector<Page>& pages, std::int64_t rows,
                 const std::string& position) override {
    const Locks locks(*connection_);
    const auto proof = proofs_.try_emplace(position, *connection_, position, position_).first;
    return proof->second.holds(table, pages, rows);
  }

 private:
  Size size_of(const TableName& name) {
    const std::string table = literal(sql::table_name(dialect_, name)) + "::regclass";
    const Result result =
        connection_->run("SELECT pg_relation_size(" + table + "), pg_table_size(" + table +
                         "), (SELECT reltuples::bigint FROM pg_class WHERE oid = " + table + ")");
    Size size;
    size.blocks = std::atoll(PQgetvalue(result.get(), 0, 0)) / kBlock;
    size.bytes = std::atoll(PQgetvalue(result.get(), 0, 1));
    size.rows = std::atoll(PQgetvalue(result.get(), 0, 2));
    if (size.rows <= 0) size.rows = size.blocks * kRowsPerBlock;
    return size;
  }

  static std::int64_t wanted_pages(const Size& stored, const PageSize& size) {
    const std::int64_t all = size.rows > 0 ? stored.rows : stored.bytes;
    const std::int64_t one = size.rows > 0 ? size.rows : size.bytes;
    return std::max<std::int64_t>(1, (all + one - 1) / one);
  }

  static std::vector<Bound> blocks(const Gap& gap, const Size& stored, std::int64_t wanted) {
    const std::int64_t step = std::max<std::int64_t>(1, stored.blocks / wanted);
    const std::int64_t end = gap.upper.empty() ? stored.blocks : block_of(gap.upper);
    const std::int64_t room = gap.before == 0 ? end : gap.before - gap.after - 2;
    std::vector<Bound> bounds;
    for (std::int64_t block = block_of(gap.lower) + step;
         block < end && static_cast<std::int64_t>(bounds.size()) < room; block += step) {
      bounds.push_back(at_block(block));
    }
    return bounds;
  }

  // Every `step`-th key of a sample of blocks, in the server's own order.
  std::vector<Bound> keys(const TableRead& table, const TableName& name, const Gap& gap,
                          const Size& stored, std::int64_t wanted) {
    const std::string columns = sql::column_list(dialect_, table.cut.columns);
    const std::string inside = dialect_.range(table.table, table.cut, gap.lower, gap.upper);
    const std::string sample = "SELECT " + columns + " FROM ONLY " +
                               sql::table_name(dialect_, name) + sampling(stored, wanted);
    const std::string ordered = "SELECT " + columns + ", row_number() OVER (ORDER BY " + columns +
                                ") AS rowferry_n" + " FROM rowferry_sample" +
                                (inside.empty() ? "" : " WHERE " + inside);
    const Result result = connection_->run("WITH rowferry_sample AS MATERIALIZED (" + sample +
                                           "), rowferry_inside AS (" + ordered + ") SELECT " +
                                           texts(table.cut.columns) +
                                           " FROM rowferry_inside WHERE rowferry_n % greatest(1,"
                                           " (SELECT count(*) FROM rowferry_sample) / " +
                                           std::to_string(wanted) + ") = 0 ORDER BY rowferry_n");
    return bounds_in(result.get(), gap);
  }

  static std::string sampling(const Size& stored, std::int64_t wanted) {
    if (stored.blocks <= kSmall) return "";
    const double share =
        kBlocksPerPage * static_cast<double>(wanted) / static_cast<double>(stored.blocks);
    return " TABLESAMPLE SYSTEM (" + std::to_string(100 * std::min(share, kMostOfTable)) +
           ") REPEATABLE (1)";
  }

  std::string texts(const std::vector<std::string>& columns) {
    std::string list;
    for (const std::string& column : columns) {
      if (!list.empty()) list += ", ";
      list += quote(column) + "::text";
    }
    return list;
  }

  static std::vector<Bound> bounds_in(const PGresult* result, const Gap& gap) {
    std::vector<Bound> bounds;
    const std::int64_t room = gap.before == 0 ? PQntuples(result) : gap.before - gap.after - 2;
    for (int row = 0; row < PQntuples(result) && row < room; ++row) {
      Bound bound;
      for (int column = 0; column < PQnfields(result); ++column) {
        bound.emplace_back(PQgetvalue(result, row, column));
      }
      // The page before the lower bound itself would be empty.
      const Bound& before = bounds.empty() ? gap.lower : bounds.back();
      if (bound != before) bounds.push_back(std::move(bound));
    }
    return bounds;
  }

  std::unique_ptr<Connection> connection_;
  std::string position_;
  PostgresDialect dialect_;
  std::map<std::string, Unchanged> proofs_;  // by the position that the rows were read at
};

}  // namespace

std::unique_ptr<Pager> open_pager(std::unique_ptr<Connection> connection,
                                  const std::string& position) {
  return std::make_unique<PostgresPager>(std::move(connection), position);
}

}  // namespace rowferry::postgres
