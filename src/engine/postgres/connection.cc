#include "engine/postgres/connection.h"

#include <poll.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

#include "engine/postgres/error.h"

namespace rowferry::postgres {

namespace {

constexpr int kPollMilliseconds = 200;        // how soon a wait notices a stop
constexpr std::size_t kPutBytes = 64 * 1024;  // one piece of COPY data: keeps libpq's buffer small

struct ConninfoFree {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

// Connection parameters: what the URL says over what we choose; libpq adds PG… variables, the
// service file and .pgpass for those that neither names.
std::map<std::string, std::string> parameters(const Url& url) {
  std::map<std::string, std::string> chosen = {
      {"application_name", "rowferry"}, {"client_encoding", "UTF8"},
      {"connect_timeout", "10"},        {"keepalives", "1"},
      {"keepalives_idle", "30"},        {"keepalives_interval", "10"},
      {"keepalives_count", "3"},        {"tcp_user_timeout", "60000"}};
  char* message = nullptr;
  const std::string text = "postgres:" + url.rest;
  const std::unique_ptr<PQconninfoOption, ConninfoFree> parsed(
      PQconninfoParse(text.c_str(), &message));
  if (!parsed) {
    std::string reason = message == nullptr ? "" : message;
    PQfreemem(message);
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    throw Error(ErrorKind::usage, "url.invalid", "not a connection URL: " + reason)
        .hint("postgres://user@host:5432/database, or postgres:///database?host=/run/postgresql");
  }
  for (const PQconninfoOption* option = parsed.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) chosen[option->keyword] = option->val;
  }
  if (!url.password.empty()) chosen["password"] = url.password.reveal();
  return chosen;
}

// Starts a connection that reports failures by SQLSTATE, and drives it to its end.
PGconn* connect(const Url& url) {
  std::map<std::string, std::string> chosen = parameters(url);
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [key, value] : chosen) {
    keys.push_back(key.c_str());
    values.push_back(value.c_str());
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  PGconn* connection = PQconnectStartParams(keys.data(), values.data(), 0);
  if (connection == nullptr) throw std::bad_alloc();
  PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE);
  const int limit = std::max(2, std::atoi(chosen["connect_timeout"].c_str())) * 1000;
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  for (int waited = 0; state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING;) {
    pollfd socket = {PQsocket(connection),
                     static_cast<short>(state == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
    const int ready = socket.fd < 0 ? -1 : poll(&socket, 1, kPollMilliseconds);
    if (ready == 0 && (waited += kPollMilliseconds) >= limit) break;
    if (ready != 0) state = PQconnectPoll(connection);
  }
  return connection;
}

// The SQLSTATE in a failed connection's message, which at this verbosity is "SEVERITY:  code".
std::string connect_sqlstate(const std::string& message) {
  for (std::size_t at = message.find(":  "); at != std::string::npos;
       at = message.find(":  ", at + 1)) {
    const std::string code = message.substr(at + 3, 5);
    const bool whole = code.size() == 5 && (at + 8 == message.size() || message[at + 8] == '\n');
    if (whole && std::all_of(code.begin(), code.end(), [](unsigned char c) {
          return std::isdigit(c) != 0 || std::isupper(c) != 0;
        })) {
      return code;
    }
  }
  return "";
}

std::string address(PGconn* connection) {
  const char* host = PQhost(connection);
  const char* port = PQport(connection);
  return std::string(host == nullptr ? "" : host) + ":" + (port == nullptr ? "" : port);
}

std::string reason_for(PGconn* connection, const std::string& sqlstate) {
  const std::string user = PQuser(connection) == nullptr ? "" : PQuser(connection);
  const std::string database = PQdb(connection) == nullptr ? "" : PQdb(connection);
  if (sqlstate == "28P01") return "the server refuses the password of user '" + user + "'";
  if (sqlstate == "28000") return "the server refuses user '" + user + "'";
  if (sqlstate == "3D000") return "there is no database '" + database + "' on this server";
  if (sqlstate == "42501") return "user '" + user + "' may not connect to '" + database + "'";
  if (sqlstate == "53300") return "the server has no connection left";
  if (sqlstate == "57P03") return "the server is starting up or shutting down";
  return "the server refuses the connection";
}

Error connect_failure(PGconn* connection) {
  if (PQconnectionNeedsPassword(connection) != 0) {
    return Error(ErrorKind::auth, "postgres.password",
                 std::string("user '") + PQuser(connection) + "' needs a password")
        .at(address(connection))
        .hint("put it into ~/.pgpass, set PGPASSWORD, or use --ask-password");
  }
  const std::string sqlstate = connect_sqlstate(PQerrorMessage(connection));
  if (!sqlstate.empty()) {
    return classified(sqlstate, reason_for(connection, sqlstate)).at(address(connection));
  }
  std::string message = PQerrorMessage(connection);
  std::replace(message.begin(), message.end(), '\n', ' ');
  while (!message.empty() && message.back() == ' ') message.pop_back();
  if (message.empty()) message = "no answer in time";
  return Error(ErrorKind::transient, "postgres.unreachable", "cannot reach the server: " + message)
      .hint("check host and port, and that the server runs and listens there");
}

// A server is known by the moment it was started. This is one transaction with the settings, which
// are for later ones, and a standby takes none that is serializable.
constexpr const char* kWho =
    "; SET TRANSACTION ISOLATION LEVEL READ COMMITTED;"
    " SELECT pg_catalog.pg_postmaster_start_time(), pg_catalog.pg_backend_pid()";

std::string session_settings(int version, int lock_seconds) {
  std::string sql =
      "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
      "SET extra_float_digits = 3; SET bytea_output = 'hex'; SET lc_monetary = 'C';"
      "SET array_nulls = on; SET standard_conforming_strings = on; SET xmloption = 'content';"
      "SET search_path = ''; SET row_security = off; SET statement_timeout = 0;"
      "SET idle_in_transaction_session_timeout = 0; SET check_function_bodies = off;"
      "SET client_min_messages = 'error'; SET quote_all_identifiers = off;"
      "SET transform_null_equals = off; SET default_transaction_isolation = 'read committed';"
      "SET default_transaction_deferrable = off;"
      "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10;"
      "SET tcp_keepalives_count = 3; SET max_parallel_workers_per_gather = 0;"
      "SET lock_timeout = '" +
      std::to_string(lock_seconds) + "s'";
  if (version >= 140000) sql += "; SET idle_session_timeout = 0";
  if (version >= 170000) sql += "; SET transaction_timeout = 0";
  return sql;
}

}  // namespace

Connection::Connection(const Url& url, const EndOptions& options)
    : connection_(connect(url)), stop_(options.stop) {
  if (PQstatus(raw()) != CONNECTION_OK) throw connect_failure(raw());
  PQsetErrorVerbosity(raw(), PQERRORS_DEFAULT);
  PQsetNoticeProcessor(
      raw(), [](void*, const char*) {}, nullptr);
  const Result who = run(session_settings(version(), options.lock_seconds) + kWho);
  own_.emplace("postgres " + std::string(PQgetvalue(who.get(), 0, 0)), PQgetvalue(who.get(), 0, 1));
}

Error Connection::failure(const PGresult* result) const {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* primary =
      result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const char* detail =
      result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
  std::string message = primary != nullptr ? primary : PQerrorMessage(raw());
  if (detail != nullptr) message += " (" + std::string(detail) + ")";
  std::replace(message.begin(), message.end(), '\n', ' ');
  while (!message.empty() && message.back() == ' ') message.pop_back();
  const bool lost = PQstatus(raw()) != CONNECTION_OK;
  const std::string sqlstate = state == nullptr ? "" : state;
  if (sqlstate == "57014" && !cancelled_) {
    return Error(ErrorKind::transient, "postgres.canceled", message).native(sqlstate);
  }
  if (!lost && sqlstate.empty()) return Error(ErrorKind::internal, "postgres.client", message);
  Error error = classified(sqlstate, message);
  if (lost && PQhost(raw()) != nullptr) {
    error.at("server " + std::string(PQhost(raw())) + ":" + PQport(raw()));
  }
  return error;
}

void Connection::cancel() {
  if (PGcancel* request = PQgetCancel(raw()); request != nullptr) {
    char ignored[256];
    PQcancel(request, ignored, sizeof ignored);
    PQfreeCancel(request);
  }
  cancelled_ = true;
}

void Connection::wait_readable() {
  pollfd socket = {PQsocket(raw()), POLLIN, 0};
  while (poll(&socket, 1, kPollMilliseconds) == 0) {
    if (stop_.stop_requested() && !cancelled_) cancel();
  }
  if (PQconsumeInput(raw()) == 0) throw failure();
}

Result Connection::wait_results(bool stop_at_copy, bool keeps_rows) {
  Result last;
  Result failed;
  for (;;) {
    try {
      while (PQisBusy(raw()) != 0) wait_readable();
    } catch (const Error&) {
      if (!failed) throw;
      const Error reason = failure(failed.get());  // why the server has ended the session
      if (reason.kind() == ErrorKind::transient) throw reason;
      throw;
    }
    Result result(PQgetResult(raw()));
    if (!result) break;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT) {
      if (stop_at_copy) return result;
      throw Error(ErrorKind::internal, "postgres.copy", "a COPY where none was expected");
    }
    if (status == PGRES_FATAL_ERROR && !failed) {
      failed = std::move(result);
    } else if (!keeps_rows || !last || status == PGRES_TUPLES_OK) {
      last = std::move(result);
    }
  }
  if (failed) throw failure(failed.get());
  if (!last) throw failure();
  return last;
}

Result Connection::run(std::string_view sql) {
  if (PQsendQuery(raw(), std::string(sql).c_str()) == 0) throw failure();
  return wait_results(false);
}

Result Connection::run_for_rows(std::string_view sql) {
  if (PQsendQuery(raw(), std::string(sql).c_str()) == 0) throw failure();
  return wait_results(false, true);
}

Result Connection::run(std::string_view sql, const char* const* values, int count) {
  const int sent = PQsendQueryParams(raw(), std::string(sql).c_str(), count, nullptr, values,
                                     nullptr, nullptr, 0);
  if (sent == 0) throw failure();
  return wait_results(false);
}

void Connection::start_copy(std::string_view sql) {
  if (PQsendQuery(raw(), std::string(sql).c_str()) == 0) throw failure();
  wait_results(true);
}

std::string_view Connection::next_copy_data() {
  copy_data_.reset();
  for (;;) {
    char* data = nullptr;
    const int length = PQgetCopyData(raw(), &data, 1);
    if (length > 0) {
      copy_data_.reset(data);
      return {data, static_cast<std::size_t>(length)};
    }
    if (length == 0) {
      wait_readable();
      continue;
    }
    if (length == -2) throw failure();
    wait_results(false);
    return {};
  }
}

void Connection::put_copy_data(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += kPutBytes) {
    const std::string_view piece = bytes.substr(at, kPutBytes);
    if (PQputCopyData(raw(), piece.data(), static_cast<int>(piece.size())) != 1) throw failure();
  }
}

std::int64_t Connection::end_copy_in() {
  if (PQputCopyEnd(raw(), nullptr) != 1) throw failure();
  const Result result = wait_results(false);
  return std::atoll(PQcmdTuples(result.get()));
}

void Connection::abandon_copy_in() {
  PQputCopyEnd(raw(), "abandoned");
  for (;;) {
    const Result result(PQgetResult(raw()));
    if (!result) return;
  }
}

}  // namespace rowferry::postgres
