// What a phase is: a value, the runbook page as a list of steps. A phase neither loops nor waits
// nor writes the journal; the engine does, and knows no particular one. Start at
// phase_01_bundle_deploy.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "facts/questions.h"
#include "gates/gate.h"
#include "input/inputs.h"
#include "plan/plan.h"

namespace gatehouse {

/// How much of an effect the world already shows.
enum class Landed { none, partly, whole, unknown };

/// How much of an effect the world shows.
struct Sight {
  Landed landed = Landed::unknown;
  std::optional<Error> error = std::nullopt;  ///< why it is unknown
};

/// How an effect that landed in part is brought to its end: another command, with guards of its
/// own.
struct Continuation {
  std::string_view name;  ///< "continue_deploy"
  /// Puts into the questions what is in the world already; asked before guards and command.
  void (*prepare)(const Inputs&, const Plan&, const Facts&, Questions&) = nullptr;
  /// What to ask to know whether there is anything left to do, where what landed may only be listed
  /// in part, and the judgement.
  std::span<const FactKey> needs = {};
  bool (*is_nothing_left)(const Facts&) = nullptr;
  std::span<const Gate* const> guards = {};
  std::vector<std::string> (*argv)(const Inputs&, const Questions&) = nullptr;
};

/// The one call of a step that changes the world: a command that outlives us. It is done once: what
/// was begun and not seen to have landed is first asked for.
struct StepEffect {
  std::string_view name;  ///< "add-model"
  std::vector<std::string> (*argv)(const Inputs&, const Questions&) = nullptr;
  /// What to ask to know whether it landed, and the judgement.
  std::span<const FactKey> landed_needs = {};
  Sight (*landed)(const Inputs&, const Plan&, const Facts&) = nullptr;
  /// What names the thing made, recorded before any wait, so that a time-out orphans nothing. A
  /// member is null where the thing is seen not to be there, and missing where that is not seen.
  json::object (*identity)(const Inputs&, const Facts&) = nullptr;
  std::optional<Continuation> continuation = std::nullopt;
  /// Whether what it said with a failing exit code means that it changed nothing: what the world
  /// shows is then another's.
  bool (*was_refused)(std::string_view said) = nullptr;
};

/// The exact and safe command that undoes what earlier steps of the same run made, where a step
/// that has changed nothing yet ends badly.
struct WayOut {
  std::span<const FactKey> needs = {};
  /// `made` is the identity that the earlier step recorded; "" where the way is not safe.
  std::string (*words)(const Inputs&, const Facts&, const json::object& made) = nullptr;
};

/// A wait. It ends well when all of `hold` pass, unchanged for the dwell time; at once when one of
/// `abort` fails; one of `latch` that fails makes the run fail, but the watch goes on.
struct StepSettle {
  std::span<const Gate* const> hold = {};
  std::span<const Gate* const> abort = {};
  std::span<const Gate* const> latch = {};
  /// What names the thing that is waited for: it must stay what the run made.
  std::span<const FactKey> identity_needs = {};
  json::object (*identity)(const Inputs&, const Facts&) = nullptr;
};

struct Step {
  std::string_view id;  ///< "deploy"
  std::string_view title;
  std::string_view source;  ///< of the runbook: "step 1.3"
  std::span<const Gate* const> guards = {};
  std::optional<StepEffect> effect = std::nullopt;
  std::optional<StepSettle> settle = std::nullopt;
  std::span<const Gate* const> exit_gates = {};
  std::optional<WayOut> way_out = std::nullopt;
  Milliseconds facts_age_max{60'000};
};

struct Phase {
  std::string_view id;  ///< as its file
  std::string_view title;
  std::span<const Step> steps;
  /// What the record of the finished phase holds, from the last facts: docs/formats/report.md.
  json::object (*as_built)(const Inputs&, const Plan&, const Facts&) = nullptr;
  std::span<const FactKey> as_built_needs = {};
  std::string_view go_on = "gatehouse resume";  ///< what carries on where it was interrupted
  /// The step at which a run begins that takes over what was done by hand.
  std::string_view adopt_from = {};
};

/// All phases, sorted by id; made by the build from the names of the files.
std::span<const Phase* const> all_phases();

/// What a run of these inputs wants to know of the world. Of a lab, `maas` says where it is.
Questions questions_of(const Inputs& inputs, const Plan* plan, const std::string& home);

}  // namespace gatehouse
