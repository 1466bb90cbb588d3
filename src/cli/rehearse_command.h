// The whole phase against a lab, in a folder of its own: `pki create`, lab up, run, lab down.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/context.h"

namespace gatehouse::cli {

struct RehearseOptions {
  std::vector<std::string> faults;
  std::uint64_t seed = 1;
  double speed = 600;
  std::string until;
};

int run_rehearse(const RehearseOptions& options, Context& context);

}  // namespace gatehouse::cli
