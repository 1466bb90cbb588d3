#include <algorithm>

#include <fmt/format.h>

#include "gates/checks.h"
#include "gates/maas_machines.h"
#include "gates/machine_needs.h"

namespace gatehouse {

namespace {

constexpr FactKey kMachineLinksNeeds[] = {FactKey::maas_identity, FactKey::maas_machines};

bool needs_links(const Inputs& inputs) {
  const auto& machines = inputs.site.machines;
  const bool declares =
      std::any_of(machines.begin(), machines.end(),
                  [](const SiteMachine& machine) { return !machine.links.empty(); });
  if (declares || machines.empty() || !inputs.bundle()) return declares;
  const auto& applications = inputs.bundle()->applications;
  return std::any_of(applications.begin(), applications.end(),
                     [](const auto& entry) { return !entry.second.bindings.empty(); });
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
      // An address that DHCP gave, or that MAAS chose, is another one tomorrow.
      const bool is_fixed = link.mode == "static" || link.mode.empty();
      addresses.push_back(is_fixed ? *link.address
                                   : fmt::format("{} (mode {})", *link.address, link.mode));
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

void judge_declared(const Case& c, const SiteMachine& declared, const MaasMachine& machine,
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

/// Whether a link brings the machine onto the plane: with an address now, or one that MAAS gives it
/// when it is deployed. `link_up` never has one, and Juju binds nothing to a NIC without address.
bool gives_address(const MaasLink& link) {
  return link.address || link.mode == "auto" || link.mode == "dhcp" || link.mode == "static";
}

Check judge_plane(const MaasMachine& machine, const Plane& plane,
                  const std::set<std::string>& applications) {
  std::vector<std::string> serving, other;
  for (const MaasInterface& interface : machine.interfaces) {
    for (const MaasLink& link : interface.links) {
      if (link.cidr != to_string(plane.cidr)) continue;
      if (interface.is_connected && gives_address(link)) {
        serving.push_back(interface.name);
      } else {
        other.push_back(
            fmt::format("{} has a link without address (mode {})", interface.name, link.mode));
      }
    }
  }
  const std::vector<std::string> names(applications.begin(), applications.end());
  Check check{.subject = fmt::format("{} on {}", machine.hostname, in_words(plane)),
              .expected = "a NIC with an address there, for " + listed(names, 3),
              .observed = serving.empty()
                              ? (other.empty() ? "no NIC is linked to it" : listed(other))
                              : listed(serving),
              .ruling = serving.empty() ? Ruling::fail : Ruling::pass};
  if (serving.empty()) {
    check.help = fmt::format(
        "while it is Ready: maas PROFILE interface link-subnet {} NIC mode=STATIC subnet=cidr:{}",
        machine.system_id, to_string(plane.cidr));
  }
  return check;
}

/// The planes that the bundle needs of a machine: MAAS may give it for any that it fits, so it must
/// serve what each of these binds.
void judge_needed(const Case& c, const std::vector<MachineNeeds>& needs,
                  const SiteMachine& declared, const MaasMachine& machine,
                  std::vector<Check>& checks) {
  std::map<std::string, std::set<std::string>> wanted;
  for (const MachineNeeds& each : needs) {
    if (!unmet(each, machine).empty()) continue;
    for (const auto& [plane, applications] : each.planes) {
      wanted[plane].insert(applications.begin(), applications.end());
    }
  }
  for (const Plane& plane : c.inputs.site.planes) {
    const auto applications = wanted.find(plane.name);
    if (applications == wanted.end()) continue;
    checks.push_back(placed(judge_plane(machine, plane, applications->second), declared.span,
                            c.facts.maas_machines.evidence()));
  }
}

Verdict judge_machine_links(const Case& c) {
  std::vector<Check> checks;
  if (!needs_links(c.inputs)) return conclude({});
  const Plan* plan = require_plan(c, checks);
  const std::vector<MachineNeeds> needs =
      plan ? machine_needs(c.inputs, *plan) : std::vector<MachineNeeds>{};
  const auto* machines =
      require_seen(c.facts.maas_machines, "machines in MAAS", "their NICs", checks);
  if (!machines) return conclude(std::move(checks));
  for (const SiteMachine& declared : c.inputs.site.machines) {
    const MaasMachine* machine = require_machine(c, declared, *machines, checks);
    if (!machine) continue;
    judge_declared(c, declared, *machine, checks);
    judge_needed(c, needs, declared, *machine, checks);
  }
  return conclude(std::move(checks));
}

}  // namespace

extern const Gate machine_links_gate;
const Gate machine_links_gate{
    .id = "machine_links",
    .question =
        "Does every declared NIC carry its address, and has every machine one on each plane that "
        "the bundle needs?",
    .source = "phase 01, step 1.1, check 2",
    .needs = kMachineLinksNeeds,
    .applies = needs_links,
    .judge = judge_machine_links,
};

}  // namespace gatehouse
