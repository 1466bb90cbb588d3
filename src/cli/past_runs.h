// The runs that a journal holds, and what they have left behind: read once by each command that
// begins a run, goes on with one or takes old ones out.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "journal/journal.h"
#include "phases/phase.h"

namespace gatehouse::cli {

struct PastRun {
  std::string run;
  std::vector<Event> events;
};

/// Oldest first.
Result<std::vector<PastRun>> past_runs(Journal& journal);

/// Whether it began to change the world.
bool has_intent(const std::vector<Event>& events);

bool has_all_steps(const std::vector<Event>& events, const Phase& phase);

/// Runs that began to change the world and have steps left, oldest first. Once a later run did the
/// whole phase, nothing is left of them to go on with.
std::vector<std::string> unfinished_runs(std::span<const PastRun> runs, const Phase& phase);

/// conflict where one of them is of another site: a state folder is one site's, and what another
/// began is neither to be gone on with nor taken up.
Result<void> refuse_other_site(std::span<const PastRun> runs, const std::string& site);

/// An `add-model` without an outcome may have made an empty model of ours. One that was refused has
/// an outcome: what is there then is somebody else's.
bool has_doubtful_model(std::span<const PastRun> runs);

}  // namespace gatehouse::cli
