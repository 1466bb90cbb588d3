#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "gates/checks.h"
#include "gates/message_parts.h"
#include "gates/model_units.h"

namespace gatehouse {

namespace {

constexpr FactKey kNeverMessagesNeeds[] = {FactKey::model_status};

bool declares_never(const Inputs& inputs) {
  const Settled& settled = inputs.site.settled;
  return settled.otherwise.never ||
         std::any_of(settled.expect.begin(), settled.expect.end(),
                     [](const ExpectedState& state) { return state.never.has_value(); });
}

const std::optional<std::string>& pattern_for(const Settled& settled,
                                              const std::string& application) {
  const ExpectedState* entry = settled.find(application);
  return entry && entry->never ? entry->never : settled.otherwise.never;
}

Span span_for(const Settled& settled, const std::string& application) {
  const ExpectedState* entry = settled.find(application);
  return entry ? entry->span : settled.otherwise.span;
}

// Each unit on its own: one message that no waiting can mend ends the wait.
Verdict judge_never_messages(const Case& c) {
  std::vector<Check> checks;
  if (!declares_never(c.inputs)) return conclude({});
  const Settled& settled = c.inputs.site.settled;
  const ModelStatus* status = require_model(c, checks);
  if (!status) return conclude(std::move(checks));
  for (const auto& [name, unit] : status->units) {
    const std::optional<std::string>& pattern = pattern_for(settled, unit.application);
    if (!pattern) continue;
    const bool is_shown = message_matches(*pattern, shown_message(unit.workload.message).text);
    checks.push_back(Check{.subject = name,
                           .expected = fmt::format("never \"{}\"", *pattern),
                           .observed = is_shown ? in_words(unit) : "not shown",
                           .ruling = is_shown ? Ruling::fail : Ruling::pass,
                           .span = span_for(settled, unit.application),
                           .help = is_shown ? "see: juju show-status-log " + name : ""});
  }
  if (checks.empty()) {
    checks.push_back(unknown("units with a message that must never show", "some", "none yet"));
  }
  for (Check& check : checks) check.evidence = c.facts.model_status.evidence();
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate never_messages_gate;
const Gate never_messages_gate{
    .id = "never_messages",
    .question = "Does no unit show a message that no waiting can mend?",
    .source = "phase 01, exit gate",
    .needs = kNeverMessagesNeeds,
    .applies = declares_never,
    .judge = judge_never_messages,
};

}  // namespace gatehouse
