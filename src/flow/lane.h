#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "flow/retry.h"
#include "flow/ring.h"
#include "flow/throttle.h"

namespace rowferry {

// Where a lane gets its sessions from. Each may be called again after a session was lost.
struct LaneEnds {
  std::function<std::unique_ptr<Reader>()> reader;
  std::function<std::unique_ptr<Writer>()> writer;
};

struct PageMoved {
  std::int64_t rows = 0;
  std::int64_t bytes = 0;
  std::int64_t rejected = 0;  // rows left out
};

// A reader thread and a writer thread (the caller's), joined by a ring. Moves whole pages, each in
// one transaction of the target, and retries them. One thread calls it.
class Lane {
 public:
  // `throttle`: may be none.
  Lane(LaneEnds ends, RetryPolicy policy, std::stop_token stop,
       std::function<void(std::string_view)> note, Throttle* throttle);

  // Moves one page; returns what landed by the attempt that did.
  // Throws what ended it; then the page has not landed, unless the kind is ambiguous.
  PageMoved move(const TableRead& read, const TableWrite& write, const Page& page);

  // Moves the rows of a page that can land, if `allows` says so of those that cannot: asked before
  // the commit, once an attempt. Looks for `most` of them, so many as must not be allowed. Nothing
  // where it was not allowed: then nothing has landed.
  std::optional<PageMoved> move_fit(const TableRead& read, const TableWrite& write,
                                    const Page& page, std::size_t most,
                                    const std::function<bool(const std::vector<Reject>&)>& allows);

 private:
  void attempt(const TableRead& read, const TableWrite& write, const Page& page, PageMoved& moved);
  std::vector<Reject> append_fit(const TableRead& read, const TableWrite& write, const Page& page,
                                 std::size_t most, PageMoved& moved);
  void let_go_after(const Error& error);
  void read_page(const TableRead& read, const Page& page, Rejects* rejects);
  void write_page(const std::function<bool(const Batch&)>& take);
  void open_ends();
  void give_up_page();

  LaneEnds ends_;
  RetryPolicy policy_;
  std::stop_token stop_;
  std::function<void(std::string_view)> note_;
  Throttle* throttle_;
  Ring ring_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Writer> writer_;
};

}  // namespace rowferry
