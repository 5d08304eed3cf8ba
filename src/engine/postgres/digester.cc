#include "engine/postgres/digester.h"

#include "engine/postgres/dialect.h"
#include "engine/sql/ddl.h"
#include "engine/sql/digest_text.h"

namespace rowferry::postgres {

namespace {

// Texts of a page that one MD5 is taken over are put together in the server's memory.
constexpr std::int64_t kMostImages = std::int64_t{64} << 20;
constexpr std::int64_t kLeastRows = 1000;

std::string stored(const DigestRead& table, const Page& page) {
  return sql::table_name(PostgresDialect({}), stored_name(table.read.table, page.part));
}

std::string where(const DigestRead& table, const Bound& lower, const Bound& upper) {
  return sql::where_text(PostgresDialect({}).range(table.read.table, table.read.cut, lower, upper),
                         table.read.where);
}

// concat() passes over NULL, and takes a hundred arguments.
std::string row_image(const DigestRead& table) {
  std::string text;
  constexpr std::size_t kArguments = 20;
  for (std::size_t i = 0; i < table.images.size(); ++i) {
    if (i % kArguments == 0) text += i == 0 ? "pg_catalog.concat(" : ") || pg_catalog.concat(";
    text += table.images[i] + ", ','";
    if (i % kArguments + 1 < kArguments && i + 1 < table.images.size()) text += ", ";
  }
  return text + ")";
}

std::string record_hash(const DigestRead& table, int seed) {
  return "pg_catalog.hash_record_extended(ROW(" + sql::joined(table.images, ", ") + "), " +
         std::to_string(seed) + ")";
}

// The hash of a record is a sum of its columns' hashes, each times a constant: over rows that sum
// would not see values that change places between rows. The hash of its digits does.
std::string hash(const DigestRead& table) {
  return "pg_catalog.hashtextextended(" + record_hash(table, 0) + "::text, 0)";
}

std::string order(const DigestRead& table) {
  return sql::column_list(PostgresDialect({}), table.read.cut.columns);
}

// More rows than a page of such rows can have are not put together.
std::int64_t most_rows(const Table& table) {
  const std::int64_t width =
      table.rows > 0 ? std::max<std::int64_t>(1, table.bytes / table.rows) : 1;
  return std::max(kLeastRows, kMostImages / std::max<std::int64_t>(width, 64));
}

// "place, rows, digest" of one page.
std::string page_text(const DigestRead& table, const Page& page, std::size_t place) {
  const std::string from =
      " FROM ONLY " + stored(table, page) + where(table, page.lower, page.upper);
  const std::string at = std::to_string(place);
  if (table.way == DigestWay::scan) {
    return "SELECT " + at + ", pg_catalog.count(*), pg_catalog.sum(" + hash(table) + ")::text" +
           from;
  }
  return "SELECT " + at + ", pg_catalog.count(*), CASE WHEN pg_catalog.count(*) <= " +
         std::to_string(most_rows(table.read.table)) +
         " THEN pg_catalog.md5(pg_catalog.string_agg(rowferry_image, '')) END FROM (SELECT " +
         row_image(table) + " AS rowferry_image" + from + " ORDER BY " + order(table) + " LIMIT " +
         std::to_string(most_rows(table.read.table) + 1) + ") AS images";
}

// All pages by one scan: a row's page is the number of bounds at or below its key.
std::string scan_text(const DigestRead& table, const std::vector<Page>& pages) {
  const std::string& name = table.read.cut.columns[0];
  std::vector<std::string> bounds;
  for (std::size_t i = 1; i < pages.size(); ++i) bounds.push_back(literal(pages[i].lower[0]));
  return "SELECT page, pg_catalog.count(*), pg_catalog.sum(hash)::text FROM (SELECT"
         " pg_catalog.width_bucket(" +
         quote(name) + ", ARRAY[" + sql::joined(bounds, ", ") +
         "]::" + find_column(table.read.table, name)->native + "[]) AS page, " + hash(table) +
         " AS hash FROM ONLY " + stored(table, pages[0]) +
         where(table, pages.front().lower, pages.back().upper) + ") AS rows GROUP BY page";
}

bool scans(const DigestRead& table, const std::vector<Page>& pages) {
  if (table.way != DigestWay::scan || table.read.cut.columns.size() != 1 || pages.size() < 2) {
    return false;
  }
  for (std::size_t i = 1; i < pages.size(); ++i) {
    if (pages[i].part != pages[0].part || pages[i].lower != pages[i - 1].upper) return false;
  }
  return true;
}

class PostgresDigester final : public Digester {
 public:
  explicit PostgresDigester(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  std::vector<PageDigest> pages(const DigestRead& table, const std::vector<Page>& pages) override {
    std::string text;
    if (scans(table, pages)) {
      text = scan_text(table, pages);
    } else {
      for (std::size_t i = 0; i < pages.size(); ++i) {
        text += (i == 0 ? "(" : " UNION ALL (") + page_text(table, pages[i], i) + ")";
      }
    }
    // A range is read by its index, and a whole table as the server likes.
    const bool whole =
        pages.front().lower.empty() && pages.back().upper.empty() && table.way == DigestWay::scan;
    const Result rows = ask(table, pages.front(), text, whole);
    std::vector<PageDigest> digests(pages.size());
    for (int i = 0; i < PQntuples(rows.get()); ++i) {
      const int place = std::atoi(PQgetvalue(rows.get(), i, 0));
      if (place < 0) {
        check_same(PQgetvalue(rows.get(), i, 1));
        continue;
      }
      digests.at(static_cast<std::size_t>(place)) = {
          .rows = std::atoll(PQgetvalue(rows.get(), i, 1)), .digest = PQgetvalue(rows.get(), i, 2)};
    }
    return digests;
  }

  std::vector<RowDigest> rows(const DigestRead& table, const Page& page) override {
    std::vector<std::string> keys;
    for (const std::string& column : table.read.cut.columns) {
      // By a name of its own: ORDER BY takes the name of what is selected for that.
      keys.push_back(quote(column) + "::text AS rowferry_" + std::to_string(keys.size()));
    }
    const std::string digest =
        table.way == DigestWay::scan
            ? record_hash(table, 0) + "::text || ' ' || " + record_hash(table, 1) + "::text"
            : "pg_catalog.md5(" + row_image(table) + ")";
    const Result rows = ask(table, page,
                            "SELECT " + digest + ", " + sql::joined(keys, ", ") + " FROM ONLY " +
                                stored(table, page) + where(table, page.lower, page.upper) +
                                " ORDER BY " + order(table),
                            false, false);
    std::vector<RowDigest> digests;
    for (int i = 0; i < PQntuples(rows.get()); ++i) {
      RowDigest row{.key = {}, .digest = PQgetvalue(rows.get(), i, 0)};
      for (int key = 1; key < PQnfields(rows.get()); ++key) {
        row.key.emplace_back(PQgetvalue(rows.get(), i, key));
      }
      digests.push_back(std::move(row));
    }
    return digests;
  }

 private:
  // One message to the server and one answer. With `guarded`, a further row says in its place -1
  // whether the table still has the rows that the snapshot saw: one that was emptied or rewritten
  // since reads as empty. Locks are given back at its end.
  Result ask(const DigestRead& table, const Page& page, const std::string& text, bool whole,
             bool guarded = true) {
    const std::string guard =
        " UNION ALL (SELECT -1, coalesce(pg_catalog.pg_relation_filenode(c.oid) = c.relfilenode,"
        " c.relkind = 'f')::int::bigint, '' FROM pg_catalog.pg_class c WHERE c.oid = " +
        literal(stored(table, page)) + "::regclass)";
    try {
      return connection_->run_for_rows(
          "SAVEPOINT rowferry_digest; SET LOCAL enable_seqscan = " +
          std::string(whole ? "on" : "off") + "; " + (guarded ? "(" + text + ")" + guard : text) +
          "; ROLLBACK TO SAVEPOINT rowferry_digest; RELEASE SAVEPOINT rowferry_digest");
    } catch (const Error& error) {
      throw Error(error).at("table " + to_string(table.read.table.name));
    }
  }

  static void check_same(std::string_view same) {
    if (same == "1") return;
    throw Error(ErrorKind::schema, "table.rewritten",
                "the table was emptied or rewritten after the snapshot was taken, so that its rows"
                " cannot be read any more")
        .hint("run the same command again: it takes a new snapshot");
  }

  std::unique_ptr<Connection> connection_;
};

}  // namespace

std::unique_ptr<Digester> open_digester(std::unique_ptr<Connection> connection) {
  return std::make_unique<PostgresDigester>(std::move(connection));
}

}  // namespace rowferry::postgres
