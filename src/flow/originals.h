#pragma once

#include <vector>

#include "engine/engine.h"

namespace rowferry {

// Tells of rows that are left out what the source has, where the user's rules change values on
// their way: each such column is read once more as it is, behind the others.
class Originals {
 public:
  // Borrows both.
  Originals(const TableRead& read, const TableWrite& write);

  // What to read instead of `read`.
  const TableRead& read() const { return further_.empty() ? given_ : read_; }
  // The rows of a batch that was read so, without the columns behind; valid until the next call.
  const Batch& rows(const Batch& batch);
  // Puts the source's values into `reject`, which a writer says of a row of `batch`.
  void restore(const Batch& batch, Reject& reject) const;
  // The same for what a reader could not read: its row has the columns behind as well.
  void restore(Reject& reject) const;

 private:
  const TableRead& given_;
  const TableWrite& write_;
  TableRead read_;
  std::vector<std::size_t> further_;  // places of the columns that are read twice
  Batch plain_;
};

}  // namespace rowferry
