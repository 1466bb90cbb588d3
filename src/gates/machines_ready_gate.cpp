#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/maas_machines.h"

namespace gatehouse {

namespace {

constexpr FactKey kNeeds[] = {FactKey::maas_identity, FactKey::maas_machines};

constexpr std::int64_t kReady = 4;  // MAAS 2.9 to 3.7: NODE_STATUS.READY

bool declares_machines(const Inputs& inputs) {
  return !inputs.site.machines.empty();
}

// MAAS asks a machine's BMC every few minutes, and only some kinds of BMC; what it says here is
// what it remembers. "unknown" is its word for never having been told.
Check judge_power(const MaasMachine& machine) {
  Check check{.subject = machine.hostname + ": power, as MAAS remembers it",
              .expected = "off",
              .observed = machine.power_state};
  if (machine.power_state == "off") {
    check.ruling = Ruling::pass;
  } else if (machine.power_state == "on" || machine.power_state == "error") {
    check.ruling = Ruling::fail;
    check.help = fmt::format("see: maas PROFILE machine query-power-state {}", machine.system_id);
  } else {
    check.ruling = Ruling::unknown;
    if (machine.power_state.empty()) check.observed = "MAAS does not say";
    check.help =
        fmt::format("ask the BMC: maas PROFILE machine query-power-state {}", machine.system_id);
  }
  return check;
}

std::vector<Check> judge_machine(const MaasMachine& machine) {
  std::vector<Check> checks;
  const bool is_ready = machine.status == kReady;
  checks.push_back(Check{
      .subject = machine.hostname + ": status",
      .expected = "Ready",
      .observed = machine.status_name.empty() ? fmt::format("status {}", machine.status)
                                              : machine.status_name,
      .ruling = is_ready ? Ruling::pass : Ruling::fail,
      .help = is_ready ? "" : fmt::format("see: maas PROFILE machine read {}", machine.system_id)});
  checks.push_back(judge_power(machine));
  checks.push_back(expect_equal(machine.hostname + ": lock", "not locked",
                                machine.is_locked ? "locked" : "not locked"));
  checks.push_back(expect_equal(machine.hostname + ": owner", "nobody",
                                machine.owner.empty() ? "nobody" : machine.owner));
  return checks;
}

Verdict judge_machines_ready(const Case& c) {
  std::vector<Check> checks;
  if (!declares_machines(c.inputs)) return conclude({});
  const auto* machines =
      require_seen(c.facts.maas_machines, "machines in MAAS", "Ready, power off", checks);
  if (!machines) return conclude(std::move(checks));
  for (const SiteMachine& declared : c.inputs.site.machines) {
    const MaasMachine* machine = require_machine(c, declared, *machines, checks);
    if (!machine) continue;
    for (Check& check : judge_machine(*machine)) {
      checks.push_back(placed(std::move(check), declared.span, c.facts.maas_machines.evidence()));
    }
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate machines_ready_gate;
const Gate machines_ready_gate{
    .id = "machines_ready",
    .question = "Is every machine of the site Ready, off, unlocked and nobody's?",
    .source = "phase 01, step 1.1, check 4a",
    .needs = kNeeds,
    .applies = declares_machines,
    .judge = judge_machines_ready,
};

}  // namespace gatehouse
