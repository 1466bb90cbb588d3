#include "sim/world.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "sim/chance.h"

namespace gatehouse::sim {
namespace {

// As in the recordings: what MAAS had given out before the first of ours.
constexpr std::int64_t kFirstVlanId = 25;
constexpr std::int64_t kFirstFabricId = 21;
constexpr std::int64_t kFirstSpaceId = 31;
constexpr std::int64_t kFirstNicId = 7;
constexpr std::int64_t kFirstLinkId = 41;
/// Containers start here within their plane: below lie gateways, servers and VIPs.
constexpr std::uint32_t kFirstContainerPart = 64;
constexpr std::uint32_t kFirstHostPart = 40;

std::size_t boot_plane_index(const Site& site) {
  std::size_t best = 0;
  std::size_t most = 0;
  for (std::size_t i = 0; i < site.planes.size(); ++i) {
    std::size_t served = 0;
    for (const Plane& plane : site.planes) {
      const auto is_inside = [&](Ipv4 server) { return site.planes[i].cidr.contains(server); };
      if (std::any_of(plane.dns.begin(), plane.dns.end(), is_inside)) ++served;
    }
    if (served > most) {
      most = served;
      best = i;
    }
  }
  return best;
}

std::vector<LabPlane> make_planes(const Site& site) {
  std::set<std::int64_t> taken;
  for (const Plane& plane : site.planes) {
    if (plane.maas_id) taken.insert(*plane.maas_id);
  }
  std::vector<LabPlane> planes;
  std::int64_t free_id = 1;
  const std::size_t boot = boot_plane_index(site);
  for (std::size_t i = 0; i < site.planes.size(); ++i) {
    while (taken.contains(free_id)) ++free_id;
    const auto number = static_cast<std::int64_t>(i);
    planes.push_back({.plane = site.planes[i],
                      .subnet_id = site.planes[i].maas_id.value_or(free_id),
                      .vlan_id = kFirstVlanId + number,
                      .fabric_id = kFirstFabricId + number,
                      .space_id = kFirstSpaceId + number,
                      .is_boot = i == boot});
    taken.insert(planes.back().subnet_id);
  }
  return planes;
}

/// The NIC that the site declares on this plane; "" where none.
std::string declared_nic(const SiteMachine& machine, const Plane& plane) {
  for (const auto& [nic, address] : machine.links) {
    if (plane.cidr.contains(address.value)) return nic;
  }
  return "";
}

/// The same last part on every plane, as sites lay machines out: that of the first declared link.
std::uint32_t host_part_of(const Site& site, const SiteMachine& machine, std::size_t index) {
  for (const auto& [nic, address] : machine.links) {
    if (const Plane* plane = site.plane_of(address.value)) {
      return plane->cidr.host_part(address.value);
    }
  }
  return kFirstHostPart + static_cast<std::uint32_t>(index);
}

std::map<std::string, std::string> nic_names(const LabWorld& world, const SiteMachine& machine) {
  std::map<std::string, std::string> names;
  std::set<std::string> used;
  for (const LabPlane& plane : world.planes) {
    const std::string declared = declared_nic(machine, plane.plane);
    if (declared.empty() && !plane.is_boot) continue;
    names[plane.plane.name] = declared.empty() ? "enp1s0" : declared;
    used.insert(names[plane.plane.name]);
  }
  int slot = 7;  // where the hypervisor of the recorded site puts its second NIC
  for (const LabPlane& plane : world.planes) {
    if (names.contains(plane.plane.name)) continue;
    while (used.contains(fmt::format("enp{}s0", slot))) ++slot;
    names[plane.plane.name] = fmt::format("enp{}s0", slot++);
  }
  return names;
}

std::optional<Ipv4> address_on(const LabWorld& world, const LabPlane& plane,
                               const SiteMachine& machine, std::uint32_t host_part) {
  for (const auto& [nic, address] : machine.links) {
    if (plane.plane.cidr.contains(address.value)) return address.value;
  }
  const bool is_used = plane.is_boot || world.settings.bound_spaces.empty() ||
                       world.settings.bound_spaces.contains(plane.plane.space);
  if (!is_used) return std::nullopt;
  const Ipv4 address{plane.plane.cidr.network.bits + host_part};
  if (!plane.plane.cidr.contains(address)) return std::nullopt;
  return address;
}

/// The boot plane first, then the others in file order: so are the NICs numbered.
std::vector<const LabPlane*> in_nic_order(const LabWorld& world) {
  std::vector<const LabPlane*> ordered;
  for (const LabPlane& plane : world.planes) {
    if (plane.is_boot) ordered.push_back(&plane);
  }
  for (const LabPlane& plane : world.planes) {
    if (!plane.is_boot) ordered.push_back(&plane);
  }
  return ordered;
}

LabMachine make_machine(const LabWorld& world, const SiteMachine& declared, std::size_t index) {
  LabMachine machine{.index = index,
                     .hostname = declared.hostname,
                     .system_id = declared.maas_id.value_or(
                         chance_word(world.settings.seed, "machine " + declared.hostname, 6)),
                     .nics = {}};
  const auto names = nic_names(world, declared);
  const std::uint32_t host_part = host_part_of(world.site, declared, index);
  const auto planes = in_nic_order(world);
  for (std::size_t n = 0; n < planes.size(); ++n) {
    const auto number = static_cast<std::int64_t>(index * planes.size() + n);
    machine.nics.push_back(
        {.name = names.at(planes[n]->plane.name),
         .plane = planes[n]->plane.name,
         .mac = fmt::format("52:54:00:12:{:02x}:{:02x}", index & 0xff, (n + 1) & 0xff),
         .id = kFirstNicId + number,
         .link_id = kFirstLinkId + number,
         .address = address_on(world, *planes[n], declared, host_part),
         .quirk = {}});
  }
  return machine;
}

void set_quirk(LabNic& nic, NicQuirk quirk) {
  nic.quirk = quirk;
  switch (quirk) {
    case NicQuirk::by_dhcp:
    case NicQuirk::on_other_subnet:
    case NicQuirk::two_addresses:
      return;
    case NicQuirk::other_address:
      if (nic.address) nic.address = Ipv4{nic.address->bits + 100};
      return;
    case NicQuirk::gone:
    case NicQuirk::disconnected:
    case NicQuirk::unlinked:
    case NicQuirk::automatic:
    case NicQuirk::link_up:
    case NicQuirk::without_subnet:
      nic.address.reset();
      return;
  }
}

void spoil_nics(LabWorld& world) {
  for (LabMachine& machine : world.machines) {
    for (LabNic& nic : machine.nics) {
      const auto quirk = world.faults.maas.nics.find({machine.hostname, nic.plane});
      if (quirk != world.faults.maas.nics.end()) set_quirk(nic, quirk->second);
    }
  }
}

/// As ready to be given as the site's own, and with no address before it is.
void add_stray(LabWorld& world) {
  if (world.site.machines.empty()) return;
  SiteMachine declared = world.site.machines.front();
  declared.hostname = "stray";
  declared.maas_id.reset();
  LabMachine stray = make_machine(world, declared, world.machines.size());
  stray.is_stray = true;
  for (LabNic& nic : stray.nics) set_quirk(nic, NicQuirk::automatic);
  world.machines.push_back(std::move(stray));
}

/// Another server of the same plane, so that only a comparison can tell it is wrong.
Ipv4 other_server(const Plane& plane) {
  const Ipv4 former = plane.dns.empty() ? plane.cidr.network : plane.dns.front();
  return Ipv4{former.bits + 1};
}

void spoil_plane(const MaasFaults& faults, LabPlane& plane) {
  const std::string& name = plane.plane.name;
  if (faults.wrong_dns_plane == name) plane.plane.dns = {other_server(plane.plane)};
  if (faults.second_dns_plane == name) plane.plane.dns.push_back(other_server(plane.plane));
  if (faults.no_dns_plane == name) plane.plane.dns.clear();
  if (faults.wrong_gateway_plane == name && plane.plane.gateway) {
    plane.plane.gateway = Ipv4{plane.plane.gateway->bits + 1};
  }
  plane.is_spaceless = faults.spaceless_plane == name;
  plane.is_missing = faults.missing_plane == name;
  if (faults.renumbered_plane == name || faults.has_new_ids) plane.subnet_id += 100;
}

void spoil(LabWorld& world) {
  for (LabPlane& plane : world.planes) spoil_plane(world.faults.maas, plane);
  spoil_nics(world);
  if (world.faults.maas.has_stray) add_stray(world);
  if (!world.faults.maas.has_new_ids) return;
  for (LabMachine& machine : world.machines) {
    machine.system_id = chance_word(world.settings.seed, "new " + machine.hostname, 6);
  }
}

}  // namespace

const LabNic* LabMachine::nic_on(const std::string& plane) const {
  for (const LabNic& nic : nics) {
    if (nic.plane == plane) return &nic;
  }
  return nullptr;
}

const LabPlane* LabWorld::plane(const std::string& name) const {
  for (const LabPlane& candidate : planes) {
    if (candidate.plane.name == name) return &candidate;
  }
  return nullptr;
}

const LabPlane* LabWorld::boot_plane() const {
  for (const LabPlane& candidate : planes) {
    if (candidate.is_boot) return &candidate;
  }
  return nullptr;
}

const LabMachine* LabWorld::machine(const std::string& hostname) const {
  for (const LabMachine& candidate : machines) {
    if (candidate.hostname == hostname) return &candidate;
  }
  return nullptr;
}

const LabPlane* LabWorld::plane_of_space(const std::string& space) const {
  for (const LabPlane& candidate : planes) {
    if (candidate.plane.space == space) return &candidate;
  }
  return boot_plane();
}

Result<LabWorld> build_world(Site site, LabSettings settings) {
  Result<WorldFaults> faults = resolve_world_faults(settings.faults, site);
  if (!faults) return fail(faults.error());
  LabWorld world{.site = std::move(site),
                 .settings = std::move(settings),
                 .faults = std::move(*faults),
                 .planes = {},
                 .machines = {}};
  world.planes = make_planes(world.site);
  for (std::size_t i = 0; i < world.site.machines.size(); ++i) {
    world.machines.push_back(make_machine(world, world.site.machines[i], i));
  }
  spoil(world);
  return world;
}

std::optional<Ipv4> AddressPool::next(const LabPlane& plane) {
  std::uint32_t& part = used_.try_emplace(plane.plane.name, kFirstContainerPart).first->second;
  for (;; ++part) {
    const Ipv4 address{plane.plane.cidr.network.bits + part};
    // The last address of a subnet is its broadcast.
    if (!plane.plane.cidr.contains(Ipv4{address.bits + 1})) return std::nullopt;
    if (!is_free(address)) continue;
    ++part;
    return address;
  }
}

bool AddressPool::is_free(Ipv4 address) const {
  const Site& site = world_.site;
  const auto holds = [&](const auto& entry) { return entry.range.contains(address); };
  if (std::any_of(site.reserved.begin(), site.reserved.end(), holds)) return false;
  if (std::any_of(site.absent.begin(), site.absent.end(), holds)) return false;
  if (site.vips) {
    for (const VipLeg& leg : site.vips->legs) {
      if (leg.band.contains(address)) return false;
    }
    for (const auto& [name, taken] : site.vips->taken) {
      if (taken == address) return false;
    }
  }
  for (const LabPlane& plane : world_.planes) {
    if (plane.plane.gateway == address) return false;
    if (std::count(plane.plane.dns.begin(), plane.plane.dns.end(), address) > 0) return false;
  }
  for (const LabMachine& machine : world_.machines) {
    for (const LabNic& nic : machine.nics) {
      if (nic.address == address) return false;
    }
  }
  return true;
}

}  // namespace gatehouse::sim
