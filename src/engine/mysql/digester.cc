#include "engine/mysql/digester.h"

#include "engine/mysql/dialect.h"
#include "engine/mysql/pager.h"
#include "engine/sql/ddl.h"
#include "engine/sql/digest_text.h"

namespace rowferry::mysql {

namespace {

// Texts of a page that one MD5 is taken over are put together in the server's memory. What is cut
// by this limit raises a warning, and counts as no digest.
constexpr const char* kMostImages = "67108864";

// Never NULL, which would leave the row out of its page.
std::string row_image(const DigestRead& table) {
  // A binary text, into which nothing else has to be converted.
  if (table.way == DigestWay::sum) {
    return "CONCAT_WS(CAST(x'FF' AS BINARY), " + sql::joined(table.images, ", ") + ")";
  }
  return "CONCAT_WS('', " + sql::joined(table.images, ", ',', ") + ", ',')";
}

// A sum of either checksum, or of both, would not see all values that change places between rows:
// each bit of a checksum is a sum of bits of the row. Their product is none. 64 bits, which the
// server adds up as a decimal.
std::string sum_of_rows(const DigestRead& table) {
  return "SUM(CRC32(@rowferry_row := " + row_image(table) + ") * CRC32C(@rowferry_row))";
}

std::string from(const DigestRead& table, const Page& page) {
  const std::string range =
      MysqlDialect({}).range(table.read.table, table.read.cut, page.lower, page.upper);
  return " FROM " + by_index(table.read) + sql::where_text(range, table.read.where);
}

}  // namespace

// Rows come in the order of the index that is read: nothing sorts their places first.
MysqlDigester::MysqlDigester(Lease lease) : lease_(std::move(lease)) {
  lease_->run(std::string("SET SESSION group_concat_max_len = ") + kMostImages);
  if (lease_->product() != Product::tidb) lease_->run("SET SESSION optimizer_switch = 'mrr=off'");
}

std::string MysqlDigester::page_text(const DigestRead& table, const Page& page,
                                     std::size_t place) const {
  if (table.way == DigestWay::sum) {
    return "SELECT " + std::to_string(place) + ", COUNT(*), " + sum_of_rows(table) +
           from(table, page);
  }
  // TiDB reads an index in pieces, several at a time.
  const std::string order =
      lease_->product() == Product::tidb
          ? " ORDER BY " + sql::column_list(MysqlDialect({}), table.read.cut.columns)
          : "";
  return "SELECT " + std::to_string(place) + ", COUNT(*), MD5(GROUP_CONCAT(" + row_image(table) +
         order + " SEPARATOR ''))" + from(table, page);
}

std::vector<PageDigest> MysqlDigester::ask(const DigestRead& table, std::span<const Page> pages,
                                           bool& cut) {
  std::string text;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    text += (i == 0 ? "" : " UNION ALL ") + page_text(table, pages[i], i);
  }
  std::vector<PageDigest> digests(pages.size());
  for (const sql::Row& row : lease_->query(text)) {
    PageDigest& digest = digests.at(std::stoul(row[0].value_or("0")));
    digest.rows = std::stoll(row[1].value_or("0"));
    digest.digest = row[2].value_or("");
  }
  cut = lease_->warnings() > 0;
  return digests;
}

std::vector<PageDigest> MysqlDigester::pages(const DigestRead& table,
                                             const std::vector<Page>& pages) {
  bool cut = false;
  std::vector<PageDigest> digests = ask(table, pages, cut);
  // Some page is too large: which one, the warning does not say.
  for (std::size_t i = 0; cut && i < pages.size(); ++i) {
    bool this_one = false;
    digests[i] = ask(table, {&pages[i], 1}, this_one)[0];
    if (this_one) digests[i].digest.clear();
  }
  return digests;
}

std::vector<RowDigest> MysqlDigester::rows(const DigestRead& table, const Page& page) {
  std::vector<std::string> keys;
  for (const std::string& name : table.read.cut.columns) {
    keys.push_back(as_literal(*find_column(table.read.table, name)));
  }
  std::vector<RowDigest> digests;
  for (const sql::Row& row : lease_->query(
           "SELECT MD5(" + row_image(table) + "), " + sql::joined(keys, ", ") + from(table, page) +
           " ORDER BY " + sql::column_list(MysqlDialect({}), table.read.cut.columns))) {
    RowDigest digest{.key = {}, .digest = row[0].value_or("")};
    for (std::size_t key = 1; key < row.size(); ++key) digest.key.push_back(row[key].value_or(""));
    digests.push_back(std::move(digest));
  }
  return digests;
}

}  // namespace rowferry::mysql
