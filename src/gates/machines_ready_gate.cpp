#include <fmt/format.h>

#include "base/ipv4.h"
#include "base/moment.h"
#include "gates/checks.h"
#include "gates/maas_machines.h"

namespace gatehouse {

namespace {

constexpr FactKey kMachinesReadyNeeds[] = {FactKey::maas_identity, FactKey::maas_machines};

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

// More than declared serves as well.
Check judge_memory(const MaasMachine& machine, std::uint64_t wanted) {
  const std::uint64_t seen = machine.memory_mib > 0
                                 ? static_cast<std::uint64_t>(machine.memory_mib) << 20U
                                 : std::uint64_t{0};
  return Check{.subject = machine.hostname + ": memory",
               .expected = "at least " + size_in_words(wanted),
               .observed = seen == 0 ? "MAAS does not know" : size_in_words(seen),
               .ruling = seen == 0       ? Ruling::unknown
                         : seen < wanted ? Ruling::fail
                                         : Ruling::pass};
}

std::vector<Check> judge_machine(const SiteMachine& declared, const MaasMachine& machine) {
  std::vector<Check> checks;
  if (declared.memory) checks.push_back(judge_memory(machine, *declared.memory));
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

void note_drift(const SiteMachine& declared, const MaasMachine& machine,
                std::vector<Diagnostic>& findings) {
  if (!declared.maas_id || *declared.maas_id == machine.system_id) return;
  findings.push_back(remark("maas/system-id-changed", declared.hostname,
                            fmt::format("{} has system id {}, the site file says {}",
                                        declared.hostname, machine.system_id, *declared.maas_id),
                            "it was enlisted anew; correct maas_id in the site file"));
  findings.back().span = declared.span;
}

bool is_loopback(std::string_view host) {
  if (host.starts_with("[::1]") || host.starts_with("localhost")) return true;
  const auto address = parse_ipv4(host.substr(0, host.find_first_of(":/")));
  return address && (address->bits >> 24U) == 127;
}

// Nothing of a request is signed, so whoever reads the header on its way has the key.
void note_clear_key(const Case& c, std::vector<Diagnostic>& findings) {
  constexpr std::string_view kClear = "http://";
  const MaasIdentity* identity = c.facts.maas_identity.value();
  if (!identity || !identity->root.starts_with(kClear)) return;
  if (is_loopback(std::string_view(identity->root).substr(kClear.size()))) return;
  findings.push_back(remark("maas/key-in-clear", identity->username,
                            "the API key goes to " + identity->root + " in clear",
                            "turn TLS on in MAAS and say https in its URL"));
  findings.back().span = c.inputs.site.maas.span;
}

Verdict judge_machines_ready(const Case& c) {
  std::vector<Check> checks;
  std::vector<Diagnostic> findings;
  if (!declares_machines(c.inputs)) return conclude({});
  note_clear_key(c, findings);
  const auto* machines =
      require_seen(c.facts.maas_machines, "machines in MAAS", "Ready, power off", checks);
  if (!machines) return conclude(std::move(checks), std::move(findings));
  for (const SiteMachine& declared : c.inputs.site.machines) {
    const MaasMachine* machine = require_machine(c, declared, *machines, checks);
    if (!machine) continue;
    note_drift(declared, *machine, findings);
    for (Check& check : judge_machine(declared, *machine)) {
      checks.push_back(placed(std::move(check), declared.span, c.facts.maas_machines.evidence()));
    }
  }
  return conclude(std::move(checks), std::move(findings));
}

}  // namespace

extern const Gate machines_ready_gate;
const Gate machines_ready_gate{
    .id = "machines_ready",
    .question =
        "Is every machine of the site Ready, off, unlocked, nobody's and of its declared memory?",
    .source = "phase 01, step 1.1, check 4a",
    .needs = kMachinesReadyNeeds,
    .applies = declares_machines,
    .judge = judge_machines_ready,
};

}  // namespace gatehouse
