#pragma once

#include <vector>

#include "app/options.h"
#include "app/report.h"
#include "app/terminal.h"
#include "engine/engine.h"

// One function per verb: runs the workflow of the same name and prints what comes of it, results on
// standard output. Throws Error for what ends the whole run.
namespace rowferry {

struct Face {
  const std::vector<Engine>& engines;
  Terminal& terminal;
};

Exit check_command(Options& options, const Face& face);
Exit copy_command(Options& options, const Face& face);
Exit schema_command(Options& options, const Face& face);
Exit verify_command(Options& options, const Face& face);
Exit sync_command(Options& options, const Face& face);
Exit status_command(const Options& options);
Exit cleanup_command(const Options& options, const Face& face);

// How to go on after an interruption, for people.
std::string resume_text(const Options& options);

}  // namespace rowferry
