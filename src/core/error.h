#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace rowferry {

// What went wrong, as far as a caller may decide on it. Retry looks at `transient` and `ambiguous`
// only; `data`, `schema` and `conflict` end one table, the others end the run.
enum class ErrorKind {
  usage,        // the user asked for something that cannot be meant
  not_found,    // database, table, file or job is not there
  unsupported,  // understood, and not possible here
  schema,       // tables, columns or constraints do not fit
  data,         // a value or row cannot land as it is
  conflict,     // somebody else's state is in the way: rows, locks, another run
  auth,         // password, certificate or privilege
  transient,    // may work when tried again
  ambiguous,    // a commit that nobody can tell the outcome of
  interrupted,  // the user asked to stop
  internal,     // a bug in rowferry
};

// The stable lower-case name of `kind`, as printed and written to JSON.
std::string_view name_of(ErrorKind kind);

// The one error type. Thrown; caught where a page is retried, where a thread ends and in main.
// `code` is stable and made to be searched for ("postgres.connect", "ledger.stale_run"); `native`
// is the server's own code ("28P01"); `where` grows from the inside out ("table shop.orders, page
// 7").
class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string code, std::string message)
      : kind_(kind), code_(std::move(code)), message_(std::move(message)) {}

  // Each returns *this so that an error is built and thrown in one expression.
  Error& native(std::string code);
  Error& hint(std::string text);
  // Puts `place` before what is known of the place, where it is not there yet: on each layer up.
  Error& at(std::string_view place);

  ErrorKind kind() const { return kind_; }
  const std::string& code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& native() const { return native_; }
  const std::string& where() const { return where_; }
  const std::string& hint() const { return hint_; }

  // One line: message, place and native code, without the hint.
  std::string line() const;
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  ErrorKind kind_;
  std::string code_;
  std::string message_;
  std::string native_;
  std::string where_;
  std::string hint_;
};

// True for the kinds that end one table while the other tables go on.
bool ends_table_only(ErrorKind kind);

}  // namespace rowferry
