// Commands that act: run, resume.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "engine/run_phase.h"

namespace gatehouse::cli {

struct RunOptions {
  std::string until;
  bool has_consent = false;                     ///< --yes
  bool uses_empty_model = false;                ///< --use-empty-model
  Beginning beginning = Beginning::first_step;  ///< --adopt
  std::vector<Waiver> waivers;
};

int run_run(const RunOptions& options, Context& context);
/// `run`: an id, or "" for the newest.
int run_resume(const std::string& run, const RunOptions& options, Context& context);

}  // namespace gatehouse::cli
