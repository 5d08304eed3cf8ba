#include "flow/lane.h"

#include <thread>

namespace rowferry {

Lane::Lane(LaneEnds ends, RetryPolicy policy, std::stop_token stop,
           std::function<void(std::string_view)> note)
    : ends_(std::move(ends)), policy_(policy), stop_(std::move(stop)), note_(std::move(note)) {}

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
    writer_->commit();
  } catch (const Error& error) {
    const bool session_lost =
        error.kind() == ErrorKind::transient || error.kind() == ErrorKind::ambiguous;
    give_up_page();
    if (session_lost) writer_.reset();
    throw;
  }
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

void Lane::read_page(const TableRead& read, const Page& page, std::vector<Reject>* rejects) {
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

std::vector<Reject> Lane::find_rejects(const TableRead& read, const TableWrite& write,
                                       const Page& page, std::size_t most) {
  std::vector<Reject> unreadable;
  std::vector<Reject> rejects;
  open_ends();
  ring_.reset();
  try {
    writer_->begin(write, page);
    std::jthread reading([&] { read_page(read, page, &unreadable); });
    write_page([&](const Batch& batch) {
      writer_->probe(batch, rejects);
      return rejects.size() < most;
    });
  } catch (const Error&) {
    give_up_page();
    throw;
  }
  give_up_page();
  rejects.insert(rejects.end(), unreadable.begin(), unreadable.end());
  if (rejects.size() > most) rejects.resize(most);
  return rejects;
}

}  // namespace rowferry
