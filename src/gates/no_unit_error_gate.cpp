#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/model_units.h"

namespace gatehouse {

namespace {

constexpr FactKey kNoUnitErrorNeeds[] = {FactKey::model_status};

const UnitHistory* history_of(const Case& c, const std::string& unit) {
  const auto entry = c.facts.history.units.find(unit);
  return entry == c.facts.history.units.end() ? nullptr : &entry->second;
}

bool is_in_error(const UnitStatus& unit) {
  return unit.workload.current == "error" || unit.agent.current == "failed";
}

// Juju says "lost" in the agent's state; the workload's word "unknown" has two meanings.
bool is_lost(const UnitStatus& unit) {
  return unit.agent.current == "lost";
}

std::string help_for(const UnitStatus& unit) {
  return "see: juju show-status-log " + unit.name + ", juju debug-log --include unit-" +
         unit.application;
}

/// What is wrong with a unit and since when, as far as samples told.
struct Wrong {
  std::string words;
  std::optional<Moment> since;
};

// Between two tries of a failed hook Juju shows the former status: the unit has not recovered.
std::optional<Wrong> wrong_with(const UnitStatus& unit, const UnitHistory* history) {
  const auto since = [&](auto member) { return history ? history->*member : std::nullopt; };
  if (is_in_error(unit)) return Wrong{in_words(unit), since(&UnitHistory::in_error_since)};
  if (is_lost(unit)) return Wrong{in_words(unit), since(&UnitHistory::lost_since)};
  if (!history || !history->in_error_since) return std::nullopt;
  return Wrong{fmt::format("{}, which tries again what failed: {}", in_words(unit),
                           history->failed_hook.empty() ? "a hook" : history->failed_hook),
               history->in_error_since};
}

// Juju repeats a failed hook, so an error may pass by itself within the grace. Without any history,
// as for one recorded status, there is no grace to speak of.
Check judge_unit(const Case& c, const UnitStatus& unit) {
  const std::string expected = "neither in error nor lost";
  const auto wrong = wrong_with(unit, history_of(c, unit.name));
  if (!wrong) return passed(unit.name, expected, "neither");
  if (!wrong->since) return failed(unit.name, expected, wrong->words, help_for(unit));
  const Milliseconds age = c.facts.history.newest - *wrong->since;
  const Milliseconds grace = c.inputs.site.settled.error_grace;
  const std::string observed =
      fmt::format("{}; for {}, grace {}", wrong->words, to_words(age), to_words(grace));
  return age >= grace ? failed(unit.name, expected, observed, help_for(unit))
                      : unknown(unit.name, expected, observed, help_for(unit));
}

// "down" may be a reboot; "error" of the agent or of the provisioning does not heal by itself.
std::optional<Check> judge_machine(const MachineStatus& machine) {
  const std::string subject = "machine " + machine.id;
  const std::string expected = "neither in error nor down";
  const std::string& agent = machine.agent.current;
  const std::string& instance = machine.instance.current;
  if (agent == "error" || instance == "provisioning error" || instance == "error") {
    return failed(subject, expected,
                  fmt::format("agent {}, instance {}: {} {}", agent, instance,
                              machine.agent.message, machine.instance.message),
                  "see: juju show-machine " + machine.id);
  }
  if (agent == "down") {
    return unknown(subject, expected, "down: " + machine.agent.message,
                   "see: juju show-machine " + machine.id);
  }
  return std::nullopt;
}

// A unit that went into error and came out again: the retries of a hook, worth a remark.
void note_flaps(const Case& c, const ModelStatus& status, std::vector<Diagnostic>& findings) {
  for (const auto& [name, history] : c.facts.history.units) {
    const auto unit = status.units.find(name);
    if (history.errors == 0 || unit == status.units.end() || history.in_error_since) continue;
    findings.push_back(
        remark("juju/unit-was-in-error", name,
               fmt::format("{} was in error {} during this run", name,
                           history.errors == 1 ? std::string("once")
                                               : fmt::format("{} times", history.errors)),
               "see: juju show-status-log " + name));
  }
}

Verdict judge_no_unit_error(const Case& c) {
  std::vector<Check> checks;
  std::vector<Diagnostic> findings;
  const ModelStatus* status = require_model(c, checks);
  if (!status) return conclude(std::move(checks));
  for (const auto& [name, unit] : status->units) checks.push_back(judge_unit(c, unit));
  if (status->units.empty()) checks.push_back(unknown("units of the model", "some", "none yet"));
  for (const auto& [id, machine] : status->machines) {
    if (auto check = judge_machine(machine)) checks.push_back(std::move(*check));
  }
  for (Check& check : checks) check.evidence = c.facts.model_status.evidence();
  note_flaps(c, *status, findings);
  return conclude(std::move(checks), std::move(findings));
}

}  // namespace

extern const Gate no_unit_error_gate;
const Gate no_unit_error_gate{
    .id = "no_unit_error",
    .question = "Is no unit in error or lost, and no machine failed or down?",
    .source = "phase 01, exit gate",
    .needs = kNoUnitErrorNeeds,
    .judge = judge_no_unit_error,
};

}  // namespace gatehouse
