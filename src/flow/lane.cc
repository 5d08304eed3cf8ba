#include "flow/lane.h"

#include <thread>

#include "flow/originals.h"

namespace rowferry {

Lane::Lane(LaneEnds ends, RetryPolicy policy, std::stop_token stop,
           std::function<void(std::string_view)> note, Throttle* throttle)
    : ends_(std::move(ends)),
      policy_(policy),
      stop_(std::move(stop)),
      note_(std::move(note)),
      throttle_(throttle) {}

PageMoved Lane::move(const TableRead& read, const TableWrite& write, const Page& page) {
  PageMoved moved;
  with_retries(policy_, stop_, note_, [&](int number) {
    open_ends();
    // An earlier attempt may have landed without our hearing of it: the target knows.
    if (number > 0 && writer_->landed(write, page)) return;
    attempt(read, write, page, moved);
  });
  return moved;
}

void Lane::open_ends() {
  if (!writer_) writer_ = ends_.writer();
  if (!reader_) reader_ = ends_.reader();
}

void Lane::attempt(const TableRead& read, const TableWrite& write, const Page& page,
                   PageMoved& moved) {
  try {
    ring_.reset();
    writer_->begin(write, page);
    moved = {};
    std::jthread reading([&] { read_page(read, page, nullptr); });
    write_page([&](const Batch& batch) {
      writer_->append(batch);
      moved.rows += batch.rows();
      moved.bytes += static_cast<std::int64_t>(batch.bytes().size());
      return true;
    });
    reading.join();
    writer_->commit(0);
  } catch (const Error& error) {
    let_go_after(error);
    throw;
  }
}

void Lane::let_go_after(const Error& error) {
  const bool session_lost =
      error.kind() == ErrorKind::transient || error.kind() == ErrorKind::ambiguous;
  give_up_page();
  if (session_lost) writer_.reset();
}

// Leaves no transaction open. The reader may be in the middle of a page, so it is given back.
void Lane::give_up_page() {
  reader_.reset();
  if (!writer_) return;
  try {
    writer_->rollback();
  } catch (const Error&) {
    writer_.reset();  // its connection is gone, and with it the transaction
  }
}

void Lane::read_page(const TableRead& read, const Page& page, Rejects* rejects) {
  try {
    reader_->open(read, page, rejects);
    while (Batch* batch = ring_.acquire()) {
      if (!reader_->next(*batch)) break;
      ring_.push(batch);
    }
    ring_.finish(nullptr);
  } catch (...) {
    ring_.finish(std::current_exception());
  }
}

// Takes batches until the page ends or `take` has enough. Whatever happens, the reader is told to
// end.
void Lane::write_page(const std::function<bool(const Batch&)>& take) {
  try {
    while (Batch* batch = ring_.pop()) {
      pass(throttle_, static_cast<std::int64_t>(batch->bytes().size()), stop_);
      if (stop_.stop_requested()) throw interrupted();
      const bool more = take(*batch);
      ring_.recycle(batch);
      if (!more) break;
    }
    ring_.cancel();
  } catch (...) {
    ring_.cancel();
    throw;
  }
}

std::optional<PageMoved> Lane::move_fit(
    const TableRead& read, const TableWrite& write, const Page& page, std::size_t most,
    const std::function<bool(const std::vector<Reject>&)>& allows) {
  std::optional<PageMoved> landed;
  with_retries(policy_, stop_, note_, [&](int number) {
    open_ends();
    if (number > 0 && landed && writer_->landed(write, page)) return;
    landed.reset();
    try {
      PageMoved moved;
      const std::vector<Reject> rejects = append_fit(read, write, page, most, moved);
      if (!allows(rejects)) return give_up_page();
      landed = moved;
      writer_->commit(moved.rejected);
    } catch (const Error& error) {
      let_go_after(error);
      throw;
    }
  });
  return landed;
}

namespace {

// Rejected rows are told of by the target's names of their columns.
void call_as_target(std::vector<Reject>& rejects, const TableRead& read, const TableWrite& write) {
  const auto target_name = [&](std::string& name) {
    for (std::size_t i = 0; i < read.columns.size(); ++i) {
      if (read.columns[i].name != name) continue;
      name = write.columns[i].name;
      return;
    }
  };
  for (Reject& reject : rejects) {
    target_name(reject.column);
    for (RejectedCell& cell : reject.row) target_name(cell.name);
  }
}

}  // namespace

// What can land of the page is in the open transaction afterwards, unless there is more to reject.
std::vector<Reject> Lane::append_fit(const TableRead& read, const TableWrite& write,
                                     const Page& page, std::size_t most, PageMoved& moved) {
  Originals originals(read, write);
  Rejects refused{.most = most};
  Rejects unreadable{.most = most};
  ring_.reset();
  writer_->begin(write, page);
  try {
    std::jthread reading([&] { read_page(originals.read(), page, &unreadable); });
    write_page([&](const Batch& batch) {
      const Batch& rows = originals.rows(batch);
      const std::size_t known = refused.rows.size();
      moved.rows += rows.rows();
      moved.bytes += static_cast<std::int64_t>(rows.bytes().size());
      writer_->append_fit(rows, refused);
      for (std::size_t i = known; i < refused.rows.size(); ++i) {
        originals.restore(batch, refused.rows[i]);
      }
      return !refused.full();
    });
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::data || !unreadable.full()) throw;
  }
  call_as_target(unreadable.rows, read, write);
  for (Reject& reject : unreadable.rows) originals.restore(reject);
  std::vector<Reject> rejects = std::move(refused.rows);
  moved.rows -= static_cast<std::int64_t>(rejects.size());
  rejects.insert(rejects.end(), std::make_move_iterator(unreadable.rows.begin()),
                 std::make_move_iterator(unreadable.rows.end()));
  moved.rejected = static_cast<std::int64_t>(rejects.size());
  return rejects;
}

}  // namespace rowferry
