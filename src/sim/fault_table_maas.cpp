// The faults of MAAS: what its machines, subnets, ranges and the API itself may be wrong in.
#include "sim/faults.h"

namespace gatehouse::sim {
namespace {

/// The last machine with a declared link, and the plane of the first of these.
template <NicQuirk Quirk>
std::string choose_nic(const Site& site, WorldFaults& faults) {
  for (auto machine = site.machines.rbegin(); machine != site.machines.rend(); ++machine) {
    for (const auto& [nic, address] : machine->links) {
      const Plane* plane = site.plane_of(address.value);
      if (plane == nullptr) continue;
      faults.maas.nics[{machine->hostname, plane->name}] = Quirk;
      return "";
    }
  }
  return "no machine with a link on a plane";
}

/// A plane of which the first machine declares no link: only the bundle says that it is needed.
std::string choose_undeclared_plane(const Site& site, WorldFaults& faults) {
  if (site.machines.empty()) return "no machine";
  const SiteMachine& machine = site.machines.front();
  for (const Plane& plane : site.planes) {
    bool is_declared = false;
    for (const auto& [nic, address] : machine.links) {
      is_declared = is_declared || plane.cidr.contains(address.value);
    }
    if (is_declared) continue;
    faults.maas.nics[{machine.hostname, plane.name}] = NicQuirk::link_up;
    return "";
  }
  return "no plane without a declared link";
}

MachineQuirk* middle_machine(const Site& site, WorldFaults& faults) {
  if (site.machines.empty()) return nullptr;
  return &faults.maas.machines[site.machines[site.machines.size() / 2].hostname];
}

std::string choose_deployed(const Site& site, WorldFaults& faults) {
  MachineQuirk* quirk = middle_machine(site, faults);
  if (quirk == nullptr) return "no machine";
  *quirk = {.status = 6, .status_name = "Deployed", .power = "on", .owner = "admin"};
  return "";
}

std::string choose_broken(const Site& site, WorldFaults& faults) {
  MachineQuirk* quirk = middle_machine(site, faults);
  if (quirk == nullptr) return "no machine";
  *quirk = {.status = 22, .status_name = "Failed testing", .power = "error"};
  return "";
}

std::string choose_hidden(const Site& site, WorldFaults& faults) {
  faults.maas.region = RegionQuirk::ordinary_user;
  return choose_deployed(site, faults);
}

template <class Value, Value MachineQuirk::* Member>
std::string set_machine(const Site& site, WorldFaults& faults, Value value) {
  MachineQuirk* quirk = middle_machine(site, faults);
  if (quirk == nullptr) return "no machine";
  quirk->*Member = std::move(value);
  return "";
}

template <bool MachineQuirk::* Member>
std::string set_machine_flag(const Site& site, WorldFaults& faults) {
  return set_machine<bool, Member>(site, faults, true);
}

std::string choose_powered(const Site& site, WorldFaults& faults) {
  return set_machine<std::string, &MachineQuirk::power>(site, faults, "on");
}

std::string choose_power_unknown(const Site& site, WorldFaults& faults) {
  return set_machine<std::string, &MachineQuirk::power>(site, faults, "unknown");
}

std::string choose_architecture(const Site& site, WorldFaults& faults) {
  return set_machine<std::string, &MachineQuirk::architecture>(site, faults, "arm64/generic");
}

template <std::optional<std::string> MaasFaults::* Member>
std::string choose_plane_with_dns(const Site& site, WorldFaults& faults) {
  for (auto plane = site.planes.rbegin(); plane != site.planes.rend(); ++plane) {
    if (!plane->has_dns) continue;
    faults.maas.*Member = plane->name;
    return "";
  }
  return "no plane with dns";
}

std::string choose_gateway(const Site& site, WorldFaults& faults) {
  for (const Plane& plane : site.planes) {
    if (!plane.gateway) continue;
    faults.maas.wrong_gateway_plane = plane.name;
    return "";
  }
  return "no plane with a gateway";
}

template <std::optional<std::string> MaasFaults::* Member>
std::string choose_last_plane(const Site& site, WorldFaults& faults) {
  if (site.planes.empty()) return "no plane";
  faults.maas.*Member = site.planes.back().name;
  return "";
}

template <std::optional<std::string> MaasFaults::* Member>
std::string choose_first_range(const Site& site, WorldFaults& faults) {
  if (site.reserved.empty()) return "no reserved range";
  faults.maas.*Member = site.reserved.front().name;
  return "";
}

template <std::optional<std::string> MaasFaults::* Member>
std::string choose_last_range(const Site& site, WorldFaults& faults) {
  if (site.reserved.empty()) return "no reserved range";
  faults.maas.*Member = site.reserved.back().name;
  return "";
}

std::string choose_stale(const Site& site, WorldFaults& faults) {
  faults.maas.has_stale_range = true;
  return site.absent.empty() ? "no range that must be absent" : "";
}

template <bool MaasFaults::* Member>
std::string set_flag(const Site&, WorldFaults& faults) {
  faults.maas.*Member = true;
  return "";
}

template <RegionQuirk Quirk>
std::string set_region(const Site&, WorldFaults& faults) {
  faults.maas.region = Quirk;
  return "";
}

/// The site that was recorded after it had drifted, as far as a site of this size can show it.
std::string choose_drifted(const Site& site, WorldFaults& faults) {
  if (site.machines.size() < 4 || site.planes.size() < 6) return "four machines and six planes";
  const auto host = [&](std::size_t number) { return site.machines[number].hostname; };
  const auto plane = [&](std::size_t number) { return site.planes[number].name; };
  MaasFaults& maas = faults.maas;
  maas.machines[host(0)] = {.power = "on"};
  maas.machines[host(1)] = {
      .status = 6, .status_name = "Deployed", .power = "on", .owner = "admin"};
  maas.machines[host(2)] = {.status = 22,
                            .status_name = "Failed testing",
                            .power = "error",
                            .error = "Power check failed: virsh: could not connect"};
  maas.machines[host(3)] = {
      .status = 0, .status_name = "New", .power = "unknown", .has_bond = true};
  maas.nics = {{{host(0), plane(2)}, NicQuirk::unlinked},
               {{host(1), plane(2)}, NicQuirk::automatic},
               {{host(2), plane(1)}, NicQuirk::by_dhcp},
               {{host(2), plane(2)}, NicQuirk::disconnected},
               {{host(2), plane(5)}, NicQuirk::without_subnet},
               {{host(3), plane(2)}, NicQuirk::two_addresses}};
  maas.has_broken_stray = maas.has_v6_subnet = maas.has_stale_range = true;
  maas.wrong_dns_plane = plane(0);
  maas.second_dns_plane = plane(1);
  maas.no_dns_plane = plane(2);
  maas.spaceless_plane = plane(4);
  maas.renumbered_plane = plane(5);
  if (site.reserved.empty()) return "a reserved range";
  maas.missing_range = site.reserved.front().name;
  maas.short_range = site.reserved.back().name;
  return "";
}

constexpr FaultKind kWorld = FaultKind::world;

constexpr Fault kMaasFaults[] = {
    {"nic-unlinked", kWorld, "a declared NIC of one machine has no link", "machine_links", "fail",
     1, choose_nic<NicQuirk::unlinked>},
    {"nic-gone", kWorld, "a declared NIC of one machine is not there", "machine_links", "fail", 1,
     choose_nic<NicQuirk::gone>},
    {"nic-disconnected", kWorld, "a declared NIC of one machine is on no VLAN", "machine_links",
     "fail", 1, choose_nic<NicQuirk::disconnected>},
    {"nic-without-address", kWorld, "a declared NIC has a link in mode auto", "machine_links",
     "fail", 1, choose_nic<NicQuirk::automatic>},
    {"nic-by-dhcp", kWorld, "a declared NIC has its address from DHCP", "machine_links", "fail", 1,
     choose_nic<NicQuirk::by_dhcp>},
    {"nic-on-other-subnet", kWorld, "a declared NIC is linked to another subnet", "machine_links",
     "fail", 1, choose_nic<NicQuirk::on_other_subnet>},
    {"nic-other-address", kWorld, "a declared NIC has another address", "machine_links", "fail", 1,
     choose_nic<NicQuirk::other_address>},
    {"nic-two-addresses", kWorld, "a declared NIC has two addresses", "machine_links", "fail", 1,
     choose_nic<NicQuirk::two_addresses>},
    {"nic-needed-unlinked", kWorld, "a NIC that only the bundle needs has no address",
     "machine_links", "fail", 1, choose_undeclared_plane},
    {"subnet-dns-wrong", kWorld, "one subnet hands out another DNS server", "subnet_dns", "fail", 1,
     choose_plane_with_dns<&MaasFaults::wrong_dns_plane>},
    {"subnet-dns-second", kWorld, "one subnet hands out a second DNS server", "subnet_dns", "fail",
     1, choose_plane_with_dns<&MaasFaults::second_dns_plane>},
    {"subnet-gateway-wrong", kWorld, "one subnet has another gateway", "subnet_dns", "fail", 1,
     choose_gateway},
    {"subnet-without-space", kWorld, "one subnet is in no space", "subnet_dns", "fail", 1,
     choose_last_plane<&MaasFaults::spaceless_plane>},
    {"subnet-gone", kWorld, "one subnet is not there", "subnet_dns", "fail", 1,
     choose_last_plane<&MaasFaults::missing_plane>},
    {"machine-deployed", kWorld, "one machine is Deployed already", "machines_ready", "fail", 1,
     choose_deployed},
    {"machine-powered-on", kWorld, "one machine is powered on", "machines_ready", "fail", 1,
     choose_powered},
    {"machine-power-unknown", kWorld, "MAAS does not know the power of one machine",
     "machines_ready", "unknown", 3, choose_power_unknown},
    {"machine-failed-testing", kWorld, "one machine failed its tests", "machines_ready", "fail", 1,
     choose_broken},
    {"machine-locked", kWorld, "one machine is locked", "machines_ready", "fail", 1,
     set_machine_flag<&MachineQuirk::is_locked>},
    {"machine-gone", kWorld, "one machine is not there", "machines_ready", "fail", 1,
     set_machine_flag<&MachineQuirk::is_gone>},
    {"machine-hidden", kWorld, "one machine is another user's, and the key no administrator's",
     "machines_ready", "unknown", 3, choose_hidden},
    {"machine-untagged", kWorld, "one machine lacks the tags that the bundle asks for",
     "machine_constraints", "fail", 1, set_machine_flag<&MachineQuirk::has_no_tags>},
    {"machine-wrong-architecture", kWorld, "one machine is of another architecture",
     "machine_constraints", "fail", 1, choose_architecture},
    {"machine-stray", kWorld, "a machine beside the site's is Ready and has their tags",
     "machine_constraints", "fail", 1, set_flag<&MaasFaults::has_stray>},
    {"reserved-range-gone", kWorld, "one reserved range is not there", "reserved_ranges", "fail", 1,
     choose_first_range<&MaasFaults::missing_range>},
    {"reserved-range-dynamic", kWorld, "half of one reserved range is dynamic", "reserved_ranges",
     "fail", 1, choose_last_range<&MaasFaults::dynamic_range>},
    {"reserved-range-used", kWorld, "an address of one reserved range is in use", "reserved_ranges",
     "fail", 1, choose_last_range<&MaasFaults::used_range>},
    {"range-stale", kWorld, "a range of an earlier plan is still there", "reserved_ranges", "fail",
     1, choose_stale},
    {"vip-in-use", kWorld, "something has an address of the VIPs", "vip_policy", "fail", 1,
     choose_first_range<&MaasFaults::used_range>},
    {"maas-ids-changed", kWorld, "machines and subnets have other ids, which is a finding only", "",
     "pass", 0, set_flag<&MaasFaults::has_new_ids>},
    {"maas-drifted", kWorld, "everything of the recorded drifted site at once", "machines_ready",
     "fail", 1, choose_drifted},
    {"maas-key-refused", kWorld, "MAAS does not know the API key", "machines_ready", "unknown", 3,
     set_region<RegionQuirk::key_refused>},
    {"maas-tells-secret", kWorld, "MAAS refuses the key and tells the right secret",
     "machines_ready", "unknown", 3, set_region<RegionQuirk::tells_the_secret>},
    {"maas-nonce-used", kWorld, "MAAS says that it saw each request before", "machines_ready",
     "unknown", 3, set_region<RegionQuirk::nonce_used>},
    {"maas-forbidden", kWorld, "MAAS forbids everything, without a word", "vip_policy", "unknown",
     3, set_region<RegionQuirk::forbidden>},
    {"maas-clock-ahead", kWorld, "MAAS's clock is a day ahead", "machines_ready", "unknown", 3,
     set_region<RegionQuirk::clock_ahead>},
    {"maas-busy", kWorld, "MAAS answers 503", "machines_ready", "unknown", 3,
     set_region<RegionQuirk::busy>},
    {"maas-busy-at-first", kWorld, "MAAS answers 503 once, and then as it should", "", "pass", 0,
     set_region<RegionQuirk::busy_at_first>},
    {"maas-bad-gateway", kWorld, "the proxy before MAAS answers 502 and a page", "reserved_ranges",
     "unknown", 3, set_region<RegionQuirk::bad_gateway>},
    {"maas-redirects", kWorld, "MAAS redirects to https, save for machines", "subnet_dns",
     "unknown", 3, set_region<RegionQuirk::redirect>},
    {"maas-speaks-tls", kWorld, "plain HTTP goes to MAAS's TLS port", "machines_ready", "unknown",
     3, set_region<RegionQuirk::speaks_tls>},
    {"maas-is-none", kWorld, "something else answers, with a page", "machines_ready", "unknown", 3,
     set_region<RegionQuirk::no_maas>},
    {"maas-resets", kWorld, "MAAS closes each connection without an answer", "machines_ready",
     "unknown", 3, set_region<RegionQuirk::resets>},
    {"maas-cuts", kWorld, "half of each body comes", "machines_ready", "unknown", 3,
     set_region<RegionQuirk::cuts>},
    {"maas-drips", kWorld, "the machines come byte by byte", "machines_ready", "unknown", 3,
     set_region<RegionQuirk::drips>},
    {"maas-stalls", kWorld, "no answer comes for the machines", "machines_ready", "unknown", 3,
     set_region<RegionQuirk::stalls>},
    {"maas-floods", kWorld, "each answer is of 100 MB", "machines_ready", "unknown", 3,
     set_region<RegionQuirk::floods>},
    {"maas-older", kWorld, "MAAS is a 3.4.1, with its shapes", "", "pass", 0,
     set_region<RegionQuirk::older>},
};

}  // namespace

std::span<const Fault> maas_faults() {
  return kMaasFaults;
}

}  // namespace gatehouse::sim
