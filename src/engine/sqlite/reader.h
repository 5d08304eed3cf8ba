#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/sqlite/encoder.h"
#include "engine/sqlite/pool.h"

namespace rowferry::sqlite {

// Reads pages through one session of a snapshot, which goes back to it with the reader.
class SqliteReader final : public Reader {
 public:
  explicit SqliteReader(Lease lease) : lease_(std::move(lease)) {
    // Rows are read in order and once, by many readers side by side. (This reads the schema, so
    // that a spare session is better off without.)
    lease_->run("PRAGMA cache_size = -512");
  }

  // Throws Error{data, "value.…"} from next for a value that no cell holds exactly, unless there
  // are `rejects` that are not full.
  void open(const TableRead& table, const Page& page, Rejects* rejects) override;
  // False only with an empty batch.
  bool next(Batch& batch) override;

 private:
  void choose_key(const TableRead& table, std::vector<std::string>& selected);
  void add_row(Batch& batch);
  void refuse(std::size_t column, Fit fit);
  std::string key_text() const;

  Lease lease_;
  std::string table_;
  std::vector<std::string> names_;
  std::vector<Encoder> encoders_;
  std::vector<int> key_;  // places in the SELECT of what names a row
  std::vector<std::string> key_names_;
  RowFormat format_ = RowFormat::cells;
  Rejects* rejects_ = nullptr;
  std::optional<Prepared> rows_;  // none: no page open, or read to its end
};

// The SELECT that reads a page.
std::string page_query(const TableRead& table, const Page& page,
                       const std::vector<std::string>& selected);

}  // namespace rowferry::sqlite
