#pragma once

#include "engine/engine.h"
#include "engine/mysql/reader.h"

namespace rowferry::mysql {

// Takes the MD5 of each page's images in the order of its index, many pages in one statement.
class MysqlDigester final : public Digester {
 public:
  explicit MysqlDigester(Lease lease);

  std::vector<PageDigest> pages(const DigestRead& table, const std::vector<Page>& pages) override;
  std::vector<RowDigest> rows(const DigestRead& table, const Page& page) override;

 private:
  std::vector<PageDigest> ask(const DigestRead& table, std::span<const Page> pages, bool& cut);
  std::string page_text(const DigestRead& table, const Page& page, std::size_t place) const;

  Lease lease_;
};

}  // namespace rowferry::mysql
