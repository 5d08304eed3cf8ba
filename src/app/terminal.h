#pragma once

#include <memory>
#include <string_view>

#include "flow/progress.h"

namespace rowferry {

// How a run is told while it goes on. Safe from every thread. Its end removes what is not to stay.
class Terminal : public Progress {
 public:
  // Prints a line for people on standard error, quiet or not.
  virtual void say(std::string_view line) = 0;
  // Ends the telling: a status line disappears and none is drawn again. Results can then be
  // printed.
  virtual void close() = 0;
};

struct TerminalStyle {
  bool live = false;  // a status line that is redrawn; else plain lines
  bool verbose = false;
  bool quiet = false;  // nothing but say()
};

// Tells people, on standard error.
std::unique_ptr<Terminal> make_text_terminal(const TerminalStyle& style);

// Whether standard error is a terminal that can redraw a line.
bool can_redraw();

}  // namespace rowferry
