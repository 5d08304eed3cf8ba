#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/config.h"
#include "core/error.h"
#include "core/url.h"

// What the command line does with the two ends and their passwords.
namespace rowferry {

// Looks a variable of the environment up; null when it is not set. getenv, or a test's own.
using Environment = std::function<const char*(const char*)>;

// The URL that `text` is or, after '@', names in the file. Reads the end's password file or
// variable. Throws Error{usage} that lists the names there are.
Url resolve_end(const std::string& text, const Config& config, const Environment& environment);

// True for URLs of servers that have no password yet: only those can be asked for one.
bool wants_password(const Url& url);

// Overwrites passwords in URLs among the arguments with 'x' where they lie, so that a list of
// processes does not show them. To be called after the arguments were copied.
void wipe_passwords(int argc, char** argv);

// The passwords that stand in `arguments`, wherever a URL was put by mistake, and `error` without
// them.
std::vector<Secret> passwords_in(const std::vector<std::string>& arguments);
Error without_passwords(const Error& error, const std::vector<Secret>& passwords);

// The command as it can be typed into a shell again: without passwords, and without --restart,
// which would not go on but begin again.
std::string shell_command(const std::vector<std::string>& arguments);

}  // namespace rowferry
