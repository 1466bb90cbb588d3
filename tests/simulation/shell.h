// As much of a POSIX shell as the product's remote commands use: lists by ; && ||, if, for,
// redirection to the null device and of 2 to 1, quotes, $? and variables before a command. What it
// does not know ends with exit code 2 and says so: a probe that outgrows it fails loudly.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "effects/process.h"

namespace gatehouse::simulation {

/// Runs one program of the simulated machine.
using RunProgram = std::function<ProcessResult(
    const std::vector<std::string>& argv, const std::map<std::string, std::string>& variables)>;

/// `words` as of `sh -c`; `arguments` are $0, $1 and on, of which only `"$@"` is known.
ProcessResult run_shell(const std::string& words, const std::vector<std::string>& arguments,
                        const RunProgram& run);

}  // namespace gatehouse::simulation
