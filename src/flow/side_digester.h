#pragma once

#include <memory>
#include <stop_token>
#include <vector>

#include "flow/compare.h"
#include "flow/side_reader.h"

namespace rowferry {

// Digests pages of one side of a comparison: in the server where that is proven, else by reading
// them. Belongs to one thread at a time.
class SideDigester {
 public:
  // Borrows both; opens a session when the first page is digested in the server, and a new one
  // after a throw.
  SideDigester(Snapshot& snapshot, SideReader& reader) : snapshot_(snapshot), reader_(reader) {}

  // A digest for each page, and the bytes of the rows that were read for it, 0 in the server. A
  // page with rows and without a digest is not digested: it is too large for that, or the server
  // refused; `refusal` says the latter. Throws what ends more than that.
  std::vector<PageDigest> digest(const ComparedTable& table, const ComparedSide& side,
                                 const std::vector<Page>& pages, const std::stop_token& stop,
                                 std::int64_t& bytes);
  // One for each row, in the server.
  std::vector<RowDigest> rows(const ComparedSide& side, const Page& page);

  const std::string& refusal() const { return refusal_; }

 private:
  std::vector<PageDigest> ask(const ComparedSide& side, const std::vector<Page>& pages);
  PageDigest read(const ComparedTable& table, const ComparedSide& side, const Page& page,
                  const std::stop_token& stop, std::int64_t& bytes);
  Digester& digester();

  Snapshot& snapshot_;
  SideReader& reader_;
  std::unique_ptr<Digester> digester_;
  std::string refusal_;
};

}  // namespace rowferry
