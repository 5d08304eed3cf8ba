#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/url.h"
#include "engine/engine.h"
#include "engine/sql/own_sessions.h"

namespace rowferry::postgres {

struct ResultFree {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ResultFree>;

// One pinned session: UTC, ISO dates, UTF-8, shortest exact floats, an empty search_path, row
// security an error rather than a filter, no statement or idle limits, a bounded lock wait,
// keepalives. One thread at a time. Waits end early, with Error{interrupted}, when `options.stop`
// is requested.
class Connection {
 public:
  // Throws Error{auth | not_found | transient}, told apart by SQLSTATE.
  Connection(const Url& url, const EndOptions& options);

  PGconn* raw() const { return connection_.get(); }
  int version() const { return PQserverVersion(raw()); }
  // The server's name among those of sql::own_sessions.
  const std::string& server() const { return own_->server(); }

  // Sends `sql` (one or more statements) and returns the last result; throws classified errors.
  Result run(std::string_view sql);
  Result run(std::string_view sql, const char* const* values, int count);
  // The same, and returns the last result that has rows.
  Result run_for_rows(std::string_view sql);
  // Sends `sql`, a COPY, and leaves the connection in COPY state.
  void start_copy(std::string_view sql);

  // Rows out: the next CopyData message, empty at the end. Valid until the next call.
  std::string_view next_copy_data();
  // Rows in.
  void put_copy_data(std::string_view bytes);
  // Ends COPY IN; returns the number of rows the server took.
  std::int64_t end_copy_in();
  // Ends COPY IN as failed, so that nothing of it stays.
  void abandon_copy_in();

  // Asks the server to give up what it is doing for us; does not wait.
  void cancel();

  // The error that the connection or `result` stands in.
  Error failure(const PGresult* result = nullptr) const;

 private:
  Result wait_results(bool stop_at_copy, bool keeps_rows = false);
  void wait_readable();

  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  struct FreeMemory {
    void operator()(char* memory) const { PQfreemem(memory); }
  };
  std::optional<sql::OwnSession> own_;
  std::unique_ptr<PGconn, Finish> connection_;
  std::unique_ptr<char, FreeMemory> copy_data_;
  std::stop_token stop_;
  bool cancelled_ = false;
};

}  // namespace rowferry::postgres
