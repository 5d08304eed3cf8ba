#include "app/prompt.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "core/error.h"

namespace rowferry {

namespace {

constexpr char kInterrupt = 3;  // ^C
constexpr char kEnd = 4;        // ^D
constexpr char kKill = 21;      // ^U
constexpr char kDelete = 127;

// The controlling terminal, one key at a time and unseen, as it was before when this ends. Signals
// from the keyboard are off meanwhile, so that ^C does not leave the terminal without echo.
class Keys {
 public:
  Keys() : terminal_(open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (terminal_ < 0 || tcgetattr(terminal_, &before_) != 0) {
      if (terminal_ >= 0) close(terminal_);
      throw Error(ErrorKind::usage, "password.terminal", "--ask-password needs a terminal")
          .hint("without one, name a password file or variable in the configuration file");
    }
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ICANON | ISIG);
    silent.c_cc[VMIN] = 1;
    silent.c_cc[VTIME] = 0;
    tcsetattr(terminal_, TCSAFLUSH, &silent);
  }
  ~Keys() {
    say("\n");
    tcsetattr(terminal_, TCSAFLUSH, &before_);
    close(terminal_);
  }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

  void say(const std::string& text) const {
    [[maybe_unused]] const auto written = write(terminal_, text.data(), text.size());
  }
  char next() const {
    char key = kEnd;
    return read(terminal_, &key, 1) == 1 ? key : kEnd;
  }

 private:
  int terminal_;
  termios before_{};
};

// Takes the last character, which may be several bytes, off `line`.
void erase_last(std::string& line) {
  while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) line.pop_back();
  if (!line.empty()) line.pop_back();
}

}  // namespace

Secret ask_password(const std::string& question) {
  const Keys keys;
  keys.say(question);
  std::string line;
  line.reserve(1024);  // no copies of it are left behind while it grows
  for (char key = keys.next(); key != '\n' && key != '\r' && key != kEnd; key = keys.next()) {
    if (key == kInterrupt) throw Error(ErrorKind::interrupted, "password.stopped", "interrupted");
    if (key == kDelete || key == '\b') {
      erase_last(line);
    } else if (key == kKill) {
      line.clear();
    } else {
      line += key;
    }
  }
  Secret secret(line);
  explicit_bzero(line.data(), line.size());
  return secret;
}

bool can_ask() {
  return isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0;
}

bool confirmed(const std::string& question) {
  std::fputs(question.c_str(), stderr);
  std::fflush(stderr);
  std::string answer;
  for (int c = std::getchar(); c != '\n' && c != EOF; c = std::getchar()) {
    answer += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  return answer == "y" || answer == "yes";
}

}  // namespace rowferry
