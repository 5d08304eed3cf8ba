#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "flow/retry.h"
#include "flow/ring.h"

namespace rowferry {

// Where a lane gets its sessions from. Each may be called again after a session was lost.
struct LaneEnds {
  std::function<std::unique_ptr<Reader>()> reader;
  std::function<std::unique_ptr<Writer>()> writer;
};

struct PageMoved {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
};

// A reader thread and a writer thread (the caller's), joined by a ring. Moves whole pages, each in
// one transaction of the target, and retries them. One thread calls it.
class Lane {
 public:
  Lane(LaneEnds ends, RetryPolicy policy, std::stop_token stop,
       std::function<void(std::string_view)> note);

  // Moves one page; returns what landed by the attempt that did.
  // Throws what ended it; then the page has not landed, unless the kind is ambiguous.
  PageMoved move(const TableRead& read, const TableWrite& write, const Page& page);

  // The rows of a page that cannot land, at most `most`. Lands nothing.
  std::vector<Reject> find_rejects(const TableRead& read, const TableWrite& write, const Page& page,
                                   std::size_t most);

 private:
  void attempt(const TableRead& read, const TableWrite& write, const Page& page, PageMoved& moved);
  void read_page(const TableRead& read, const Page& page, std::vector<Reject>* rejects);
  void write_page(const std::function<bool(const Batch&)>& take);
  void open_ends();
  void give_up_page();

  LaneEnds ends_;
  RetryPolicy policy_;
  std::stop_token stop_;
  std::function<void(std::string_view)> note_;
  Ring ring_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace rowferry
