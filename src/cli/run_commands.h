// Commands that act, and those that tell what was done: run, resume, report, journal.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"
#include "engine/run_phase.h"

namespace gatehouse::cli {

struct RunOptions {
  std::string until;
  bool has_consent = false;      ///< --yes
  bool uses_empty_model = false;  ///< --use-empty-model
  std::vector<Waiver> waivers;
};

int run_run(const RunOptions& options, Context& context);
/// `run`: an id, or "" for the newest.
int run_resume(const std::string& run, const RunOptions& options, Context& context);

/// `format`: "text" or "json".
int run_report(const std::string& run, const std::string& format, Context& context);
int run_journal_list(Context& context);
int run_journal_show(const std::string& run, Context& context);
int run_journal_verify(Context& context);
int run_journal_export(const std::string& run, Context& context);

}  // namespace gatehouse::cli
