#include <algorithm>

#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/maas_machines.h"

namespace gatehouse {

namespace {

constexpr FactKey kNeeds[] = {FactKey::maas_identity, FactKey::maas_machines};

bool declares_links(const Inputs& inputs) {
  const auto& machines = inputs.site.machines;
  return std::any_of(machines.begin(), machines.end(),
                     [](const SiteMachine& machine) { return !machine.links.empty(); });
}

// An address may sit on a bond or a bridge above the NIC: MAAS, "Several links on one NIC".
std::string elsewhere(const MaasMachine& machine, const std::string& nic, Ipv4 address) {
  for (const MaasInterface& interface : machine.interfaces) {
    if (interface.name == nic) continue;
    for (const MaasLink& link : interface.links) {
      if (!link.address || parse_ipv4(*link.address) != address) continue;
      return fmt::format("; {} is on {}", to_string(address), interface.name);
    }
  }
  return "";
}

std::string in_words(const MaasLink& link) {
  return fmt::format("{} in {}", link.address.value_or("no address"),
                     link.cidr.value_or("no subnet"));
}

// What is on the plane, told apart: nothing there, a link without an address, several of them.
std::string addresses_on(const MaasInterface& interface, const Plane& plane) {
  std::vector<std::string> addresses, others;
  std::string mode;
  for (const MaasLink& link : interface.links) {
    if (link.cidr != to_string(plane.cidr)) {
      others.push_back(in_words(link));
    } else if (link.address) {
      addresses.push_back(*link.address);
    } else {
      mode = link.mode;
    }
  }
  if (addresses.size() > 1) return "several addresses: " + listed(addresses);
  if (addresses.size() == 1) return addresses.front();
  if (!mode.empty()) return fmt::format("a link without address (mode {})", mode);
  return "no link on this subnet: " + listed(others);
}

std::string observed_on(const MaasMachine& machine, const std::string& nic, Ipv4 address,
                        const Plane& plane) {
  std::vector<std::string> names;
  for (const MaasInterface& interface : machine.interfaces) {
    if (interface.name != nic) {
      names.push_back(interface.name);
      continue;
    }
    if (!interface.is_connected) return "disconnected: the NIC is on no VLAN";
    if (interface.links.empty()) return "no link" + elsewhere(machine, nic, address);
    const std::string found = addresses_on(interface, plane);
    return found == to_string(address) ? found : found + elsewhere(machine, nic, address);
  }
  return fmt::format("no such NIC; it has {}", listed(names));
}

void judge_machine(const Case& c, const SiteMachine& declared, const MaasMachine& machine,
                   std::vector<Check>& checks) {
  for (const auto& [nic, link] : declared.links) {
    const std::string subject = fmt::format("{} {}", declared.hostname, nic);
    const std::string address = to_string(link.value);
    const Plane* plane = c.inputs.site.plane_of(link.value);
    if (!plane) {
      checks.push_back(
          placed(failed(subject, address, "the address is in no plane of the site"), link.span));
      continue;
    }
    const std::string observed = observed_on(machine, nic, link.value, *plane);
    Check check{.subject = subject,
                .expected = fmt::format("{} on {}", address, in_words(*plane)),
                .observed = observed,
                .ruling = observed == address ? Ruling::pass : Ruling::fail};
    if (observed != address) {
      check.help = fmt::format(
          "while it is Ready: maas PROFILE interface link-subnet {} {} mode=STATIC subnet=cidr:{} "
          "ip_address={}",
          machine.system_id, nic, to_string(plane->cidr), address);
    }
    checks.push_back(placed(std::move(check), link.span, c.facts.maas_machines.evidence()));
  }
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

Verdict judge_machine_links(const Case& c) {
  std::vector<Check> checks;
  std::vector<Diagnostic> findings;
  if (!declares_links(c.inputs)) return conclude({});
  const auto* machines =
      require_seen(c.facts.maas_machines, "machines in MAAS", "their NICs", checks);
  if (!machines) return conclude(std::move(checks));
  for (const SiteMachine& declared : c.inputs.site.machines) {
    if (declared.links.empty() && !declared.maas_id) continue;
    const MaasMachine* machine = require_machine(c, declared, *machines, checks);
    if (!machine) continue;
    judge_machine(c, declared, *machine, checks);
    note_drift(declared, *machine, findings);
  }
  return conclude(std::move(checks), std::move(findings));
}

}  // namespace

extern const Gate machine_links_gate;
const Gate machine_links_gate{
    .id = "machine_links",
    .question = "Does every declared NIC carry its address on its plane?",
    .source = "phase 01, step 1.1, check 2",
    .needs = kNeeds,
    .applies = declares_links,
    .judge = judge_machine_links,
};

}  // namespace gatehouse
