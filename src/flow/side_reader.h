#pragma once

#include <functional>
#include <memory>

#include "flow/compare.h"
#include "flow/row_index.h"

namespace rowferry {

// Reads pages of one side of a comparison, in the common form. Belongs to one thread at a time.
class SideReader {
 public:
  // Borrows the snapshot, which opens the session when the first page is read, and a new one after
  // a throw. Where the settings want rows they are given as they were read, too.
  SideReader(Snapshot& snapshot, const CompareSettings& settings)
      : SideReader(snapshot, settings.rows, settings.throttle) {}
  SideReader(Snapshot& snapshot, bool keeps, Throttle* throttle)
      : snapshot_(snapshot), keeps_(keeps), throttle_(throttle) {}

  // Gives each row of the page to `take`, in format `cells`, valid during the call, and rows that
  // cannot be read to `rejects`. Throws Error{interrupted} when `stop` is requested.
  void read(const ComparedSide& side, const Page& page, const std::stop_token& stop,
            Rejects& rejects, const std::function<void(const FormedRow&)>& take);

 private:
  void form(const std::vector<Form>& forms);

  Snapshot& snapshot_;
  const bool keeps_;
  Throttle* const throttle_;
  std::unique_ptr<Reader> reader_;
  Batch raw_;
  Batch formed_;
};

}  // namespace rowferry
