#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/sqlite/page_file.h"

namespace rowferry::sqlite {

// One end of a piece of a table: the largest key that may lie in it.
struct Edge {
  std::int64_t rowid = 0;  // of an ordinary table
  std::string record;      // of a WITHOUT ROWID table: the row's record, as stored
};

// Neighbouring rows of a table, by estimate. The next piece begins behind `last`.
struct Piece {
  std::optional<Edge> last;  // none: not known; for the last piece: there is none
  double bytes = 0;
  double rows = 0;
};

// A closed range of rowids outside of which pieces need not be looked at.
struct RowidRange {
  std::int64_t first = INT64_MIN;
  std::int64_t last = INT64_MAX;
};

// Divides the table whose tree begins at page `root` into pieces that are small beside `bytes` (or
// `rows`, when that is not 0), reading the upper pages of its tree and samples of the lower ones:
// well under a twentieth of the table. Bytes are those of rows, wherever they lie. Never throws for
// damaged or torn pages; then the pieces say less. The pieces are in the order of the file.
std::vector<Piece> outline(const PageFile& file, std::uint32_t root, double bytes, double rows,
                           const RowidRange& range = {});

// A record's first values as SQL literals, by sqlite.org/fileformat2.html#record_format; none when
// the record does not hold so many.
std::optional<std::vector<std::string>> record_literals(const std::string& record,
                                                        std::size_t count);

}  // namespace rowferry::sqlite
