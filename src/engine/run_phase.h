// Runs a phase: collect, judge, act, record, wait. It knows no particular step and no particular
// gate; only it decides to act, and only between a recorded intent and a recorded outcome.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/redactor.h"
#include "engine/run_events.h"
#include "journal/journal.h"
#include "phases/phase.h"

namespace gatehouse {

struct Waiver {
  std::string gate;
  std::string reason;
};

/// Whether a run does every step, or takes over a model that was deployed by hand.
enum class Beginning { first_step, adoption };

struct RunRequest {
  const Phase& phase;
  const Inputs& inputs;
  const Plan* plan = nullptr;  ///< nullptr where the bundle cannot be planned
  const Questions& questions;
  std::span<const FactSource* const> sources;
  std::string run;     ///< its id in the journal
  std::string folder;  ///< of the run: children write their output there; exists
  json::object about;  ///< what the first event says of it: site, versions, digests, lab
  std::vector<Waiver> waivers;
  std::string until;  ///< the last step to do; "" for all
  ModelUse model_use = ModelUse::must_be_absent;
  std::vector<Event> past;  ///< of the run that is resumed; empty for a new one
  /// Whether the staged copies still have the digests that were judged; asked before each effect.
  std::function<Result<void>()> verify_inputs;
  Beginning beginning = Beginning::first_step;
  const Redactor* redactor = nullptr;  ///< of what tools and charms say
};

enum class RunEnd { holds, fails, unknown, in_doubt, interrupted };

struct RunOutcome {
  RunEnd end = RunEnd::unknown;
  std::string reason;  ///< what stopped it, in words; "" where all gates hold
  std::string help;    ///< the next command
};

/// Everything that happens goes to the journal and, as the same event, to `observe`. An Error means
/// that the journal itself could not be written; then nothing was done after the last event.
Result<RunOutcome> run_phase(const RunRequest& request, Effects& effects, Journal& journal,
                             const std::function<void(const Event&)>& observe);

}  // namespace gatehouse
