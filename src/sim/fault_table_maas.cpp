// The faults of MAAS: what its machines, subnets, ranges and the API itself may be wrong in.
#include "sim/faults.h"

namespace gatehouse::sim {
namespace {

std::string choose_unlinked(const Site& site, WorldFaults& faults) {
  for (auto machine = site.machines.rbegin(); machine != site.machines.rend(); ++machine) {
    if (machine->links.empty()) continue;
    faults.maas.unlinked = MaasFaults::NicTarget{machine->hostname, machine->links.begin()->first};
    return "";
  }
  return "no machine with a link";
}

std::string choose_wrong_dns(const Site& site, WorldFaults& faults) {
  for (auto plane = site.planes.rbegin(); plane != site.planes.rend(); ++plane) {
    if (!plane->has_dns) continue;
    faults.maas.wrong_dns_plane = plane->name;
    return "";
  }
  return "no plane with dns";
}

std::string choose_deployed(const Site& site, WorldFaults& faults) {
  if (site.machines.empty()) return "no machine";
  faults.maas.deployed_host = site.machines[site.machines.size() / 2].hostname;
  return "";
}

std::string choose_powered(const Site& site, WorldFaults& faults) {
  if (site.machines.empty()) return "no machine";
  faults.maas.powered_host = site.machines.back().hostname;
  return "";
}

std::string choose_range(const Site& site, WorldFaults& faults) {
  if (site.reserved.empty()) return "no reserved range";
  faults.maas.missing_range = site.reserved.front().name;
  return "";
}

template <bool MaasFaults::* Member>
std::string set_flag(const Site&, WorldFaults& faults) {
  faults.maas.*Member = true;
  return "";
}

constexpr Fault kFaults[] = {
    {"nic-unlinked", FaultKind::world, "a declared NIC of one machine has no link", "machine_links",
     "fail", 1, choose_unlinked},
    {"subnet-dns-wrong", FaultKind::world, "one subnet hands out another DNS server", "subnet_dns",
     "fail", 1, choose_wrong_dns},
    {"machine-deployed", FaultKind::world, "one machine is Deployed already", "machines_ready",
     "fail", 1, choose_deployed},
    {"machine-powered-on", FaultKind::world, "one machine is powered on", "machines_ready", "fail",
     1, choose_powered},
    {"reserved-range-gone", FaultKind::world, "one reserved range is not there", "reserved_ranges",
     "fail", 1, choose_range},
    {"maas-key-refused", FaultKind::world, "MAAS does not know the API key", "machines_ready",
     "unknown", 3, set_flag<&MaasFaults::is_key_refused>},
};

}  // namespace

std::span<const Fault> maas_faults() {
  return kFaults;
}

}  // namespace gatehouse::sim
