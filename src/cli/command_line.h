// The commands and flags of the program. The one source that knows the command-line library; each
// command's work is in a source of its own.
#pragma once

#include <functional>
#include <memory>

#include "cli/context.h"

namespace gatehouse::cli {

struct ConsoleOptions {
  bool no_colour = false;
  bool is_quiet = false;
};

using MakeConsole = std::function<std::unique_ptr<Console>(ConsoleOptions)>;

/// What main makes and every command may use.
struct Outside {
  const Environment& environment;
  Effects& effects;
  Kept& kept;
};

/// The exit code of CONTRACT.md.
int run_command_line(int argc, char** argv, const Outside& outside,
                     const MakeConsole& make_console);

}  // namespace gatehouse::cli
