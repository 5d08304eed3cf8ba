#include "app/app.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "app/commands.h"
#include "app/json_lines.h"
#include "app/log.h"
#include "app/prompt.h"

namespace rowferry {

namespace {

std::unique_ptr<Terminal> make_terminal(const Options& options) {
  if (options.output == Output::json) return make_json_terminal();
  return make_text_terminal(
      {.live = can_redraw(), .verbose = options.verbose, .quiet = options.quiet});
}

void ask_passwords(Options& options) {
  if (!options.ask_password) return;
  for (Url* url : {&options.request.source, &options.request.target}) {
    if (!wants_password(*url)) continue;
    url->password = ask_password("password for " + url->text() + ": ");
  }
}

Exit dispatch(Options& options, const Face& face) {
  switch (options.verb) {
    case Verb::check:
      return check_command(options, face);
    case Verb::copy:
      return copy_command(options, face);
    case Verb::schema:
      return schema_command(options, face);
    case Verb::verify:
      return verify_command(options, face);
    case Verb::sync:
      return sync_command(options, face);
    case Verb::status:
      return status_command(options);
    case Verb::cleanup:
      return cleanup_command(options, face);
    case Verb::none:
      break;
  }
  std::fputs(options.answer.c_str(), stdout);
  return Exit::done;
}

// Results that could not be written are not results. Nobody listening any more is no failure.
Exit flushed(Exit exit) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit;
  if (errno == EPIPE) return exit;
  throw Error(ErrorKind::transient, "output.write", "cannot write to standard output")
      .native(std::strerror(errno));
}

// What one run of the program owns. The log hands its lines to the terminal and goes before it.
struct Session {
  Options options;
  std::unique_ptr<Terminal> terminal;
  std::optional<Log> log;
};

Exit run(Session& session, const std::vector<Engine>& engines) {
  Options& options = session.options;
  ask_passwords(options);
  session.terminal = make_terminal(options);
  session.log.emplace(Log::Options{options.log_file, options.verbose, options.quiet},
                      [&session](std::string_view line) { session.terminal->say(line); });
  return flushed(dispatch(options, {engines, *session.terminal}));
}

std::string text_of(const Error& error, const Options& options) {
  if (error.kind() != ErrorKind::interrupted) return error_text(error);
  const bool moves = options.verb == Verb::copy || options.verb == Verb::schema;
  return moves ? resume_text(options) : error.line();
}

// Looked for before the arguments are read, so that a script is told in JSON what is wrong with
// them.
bool asks_for_json(const std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool apart = arguments[i] == "--output" && i + 1 < arguments.size();
    if (arguments[i] == "--output=json" || (apart && arguments[i + 1] == "json")) return true;
  }
  return false;
}

Exit failed(const Error& error, Session& session) {
  const Exit exit = exit_of(error.kind());
  const std::string text = text_of(error, session.options);
  if (session.terminal != nullptr) {
    session.terminal->close();
    session.terminal->say(text);
  } else {
    std::fprintf(stderr, "%s\n", text.c_str());
  }
  if (session.options.output == Output::json) print_json(error, exit);
  return exit;
}

}  // namespace

int run_app(int argc, char** argv, const std::vector<Engine>& engines) {
  std::vector<std::string> arguments(argv, argv + argc);
  if (arguments.empty()) arguments.emplace_back("rowferry");
  wipe_passwords(argc, argv);
  const std::vector<Secret> passwords = passwords_in(arguments);
  Session session;
  if (asks_for_json(arguments)) session.options.output = Output::json;
  Exit exit = Exit::done;
  try {
    session.options = parse_options(arguments, [](const char* name) { return std::getenv(name); });
    exit = run(session, engines);
  } catch (const Error& error) {
    exit = failed(without_passwords(error, passwords), session);
  } catch (const std::exception& error) {
    const std::string what = std::string("internal error: ") + error.what();
    exit = failed(Error(ErrorKind::internal, "internal", what), session);
  }
  return static_cast<int>(exit);
}

}  // namespace rowferry
