// The kinds of events that a run writes, and what their bodies hold. A report is computed from
// these alone. docs/formats/journal.md has the bodies of a wait.
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "facts/facts.h"
#include "gates/gate.h"

namespace gatehouse {

namespace event_kind {
inline constexpr std::string_view kRunStarted = "run_started";
inline constexpr std::string_view kRunResumed = "run_resumed";
inline constexpr std::string_view kStepStarted = "step_started";
inline constexpr std::string_view kVerdict = "verdict";
inline constexpr std::string_view kNotDeclared = "gate_not_declared";
inline constexpr std::string_view kIntent = "intent";
inline constexpr std::string_view kChildStarted = "child_started";
inline constexpr std::string_view kChildOutput = "child_output";
inline constexpr std::string_view kChildQuiet = "child_quiet";
inline constexpr std::string_view kOutcome = "outcome";
inline constexpr std::string_view kLanded = "landed";
inline constexpr std::string_view kReconciled = "reconciled";
inline constexpr std::string_view kSample = "sample";
inline constexpr std::string_view kUnobserved = "unobserved";
inline constexpr std::string_view kWaiting = "waiting";
inline constexpr std::string_view kNameLookups = "name_lookups";
inline constexpr std::string_view kAdopted = "adopted";
inline constexpr std::string_view kLatched = "latched";
inline constexpr std::string_view kSettled = "settled";
inline constexpr std::string_view kStepFinished = "step_finished";
inline constexpr std::string_view kAsBuilt = "as_built";
inline constexpr std::string_view kRunFinished = "run_finished";
}  // namespace event_kind

/// Whether a `step_finished` says that nothing of the step is left to do: "holds" or "adopted".
bool is_done(const json::object& step_finished);

/// The lookups whose answer is another than before, or the first; no member where there is none.
using Lookups = std::map<std::string, Observation<NameLookup>>;
json::object lookups_body(const Lookups& before, const Lookups& now);

}  // namespace gatehouse
