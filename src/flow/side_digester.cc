#include "flow/side_digester.h"

#include "core/image.h"
#include "core/md5.h"

namespace rowferry {

namespace {

// Whether the rows can be read where the server will not digest them.
bool is_refusal(ErrorKind kind) {
  return kind == ErrorKind::unsupported || kind == ErrorKind::data || kind == ErrorKind::internal ||
         kind == ErrorKind::usage || kind == ErrorKind::not_found;
}

}  // namespace

Digester& SideDigester::digester() {
  if (!digester_) digester_ = snapshot_.digester();
  return *digester_;
}

std::vector<PageDigest> SideDigester::digest(const ComparedTable& table, const ComparedSide& side,
                                             const std::vector<Page>& pages,
                                             const std::stop_token& stop, std::int64_t& bytes) {
  refusal_.clear();
  if (side.digest) return ask(side, pages);
  std::vector<PageDigest> digests;
  digests.reserve(pages.size());
  for (const Page& page : pages) digests.push_back(read(table, side, page, stop, bytes));
  return digests;
}

std::vector<PageDigest> SideDigester::ask(const ComparedSide& side,
                                          const std::vector<Page>& pages) {
  try {
    return digester().pages(*side.digest, pages);
  } catch (const Error& error) {
    digester_.reset();
    if (!is_refusal(error.kind())) throw;
    refusal_ = error.message();
    constexpr std::int64_t kUnknown = -1;
    return std::vector<PageDigest>(pages.size(), {.rows = kUnknown, .digest = ""});
  } catch (...) {
    digester_.reset();
    throw;
  }
}

std::vector<RowDigest> SideDigester::rows(const ComparedSide& side, const Page& page) {
  try {
    return digester().rows(*side.digest, page);
  } catch (...) {
    digester_.reset();
    throw;
  }
}

// In the order of the key, as servers do.
PageDigest SideDigester::read(const ComparedTable& table, const ComparedSide& side,
                              const Page& page, const std::stop_token& stop, std::int64_t& bytes) {
  Md5 md5;
  PageDigest digest;
  std::string image;
  Rejects rejects;  // are told when the rows are compared
  reader_.read(side, page, stop, rejects, [&](const FormedRow& row) {
    image.clear();
    append_image(image, table.kinds, row.row);
    md5.add(image);
    ++digest.rows;
    bytes += static_cast<std::int64_t>(row.row.size());
  });
  if (!rejects.rows.empty()) return {.rows = -1, .digest = ""};
  if (digest.rows > 0) digest.digest = md5.take();
  return digest;
}

}  // namespace rowferry
