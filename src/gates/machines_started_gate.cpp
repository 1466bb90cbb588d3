#include <algorithm>

#include <fmt/format.h>

#include "gates/checks.h"

namespace gatehouse {

namespace {

constexpr FactKey kMachinesStartedNeeds[] = {FactKey::model_status};

std::string state_in_words(const MachineStatus& machine) {
  std::string words = machine.agent.current.empty() ? "unknown" : machine.agent.current;
  for (const std::string& part :
       {machine.agent.message, machine.instance.current, machine.instance.message}) {
    if (!part.empty()) words += ", " + part;
  }
  return words;
}

// "modification-status" is the change of a machine's LXD profiles; Juju 4.0 leaves it empty.
Check judge_machine(const MachineStatus& machine) {
  const std::string subject = "machine " + machine.id;
  const std::string expected = "started, alive, no profile change in error";
  const std::string help = "see: juju show-machine " + machine.id;
  if (machine.agent.current != "started") {
    return failed(subject, expected, state_in_words(machine), help);
  }
  if (!machine.agent.life.empty()) return failed(subject, expected, machine.agent.life, help);
  if (machine.modification.current == "error") {
    return failed(subject, expected, "profile change in error: " + machine.modification.message,
                  help);
  }
  return passed(subject, expected, "so");
}

Verdict judge_machines_started(const Case& c) {
  std::vector<Check> checks;
  const Plan* plan = require_plan(c, checks);
  const ModelStatus* status = require_model(c, checks);
  if (!plan || !status) return conclude(std::move(checks));
  std::size_t containers = 0;
  for (const auto& [id, machine] : status->machines) {
    checks.push_back(judge_machine(machine));
    if (machine.is_container()) ++containers;
  }
  const auto count = [&](std::string subject, std::size_t planned, std::size_t seen) {
    if (planned == 0 && seen == 0) return;
    checks.push_back(
        expect_equal(std::move(subject), std::to_string(planned), std::to_string(seen)));
  };
  count("machines", plan->machines.size(), status->machines.size() - containers);
  count("containers", plan->containers.size(), containers);
  for (Check& check : checks) check.evidence = c.facts.model_status.evidence();
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate machines_started_gate;
const Gate machines_started_gate{
    .id = "machines_started",
    .question = "Are there as many machines and containers as planned, all started and alive?",
    .source = "phase 01, exit gate",
    .needs = kMachinesStartedNeeds,
    .judge = judge_machines_started,
};

}  // namespace gatehouse
