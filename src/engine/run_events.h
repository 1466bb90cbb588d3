// The kinds of events that a run writes, and what their bodies hold. A report is computed from
// these alone: docs/formats/journal.md lists them field by field.
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
inline constexpr std::string_view kOutcome = "outcome";
inline constexpr std::string_view kLanded = "landed";
inline constexpr std::string_view kReconciled = "reconciled";
inline constexpr std::string_view kSample = "sample";
inline constexpr std::string_view kLatched = "latched";
inline constexpr std::string_view kSettled = "settled";
inline constexpr std::string_view kStepFinished = "step_finished";
inline constexpr std::string_view kAsBuilt = "as_built";
inline constexpr std::string_view kRunFinished = "run_finished";
}  // namespace event_kind

/// What one sample of the model changed against the one before: units and machines, each with the
/// status it has now; and the counts of all.
json::object sample_body(const ModelStatus& before, const ModelStatus& now);

}  // namespace gatehouse
