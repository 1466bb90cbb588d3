// From what a command judged to what it prints: fills the one result model and hands it to the
// writer of the chosen format. No command that judges prints its findings in another way.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/console.h"
#include "gates/gate.h"
#include "output/result.h"

namespace gatehouse::cli {

/// With the program's version and, under `--strict`, warnings refused.
CommandResult make_result(std::string command, bool is_strict);

std::vector<VerdictRow> rows_of(std::span<const Verdict> verdicts);

/// To standard output.
void print(const CommandResult& result, OutputFormat format, Console& console);

}  // namespace gatehouse::cli
