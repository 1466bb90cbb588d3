#include "sim/maas_shapes.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "sim/embedded.h"

namespace gatehouse::sim {
namespace {

constexpr std::int64_t kDefaultMtu = 1500;
constexpr int kFailedTesting = 22;

json::object vlan_json(const LabPlane& plane) {
  json::object vlan = recorded_shape(Shape::subnet).as_object().at("vlan").as_object();
  vlan["vid"] = plane.plane.vlan.value_or(0);
  vlan["mtu"] = plane.plane.mtu.value_or(kDefaultMtu);
  vlan["dhcp_on"] = plane.is_boot;
  // A rack serves DHCP where machines boot; its name is that of the recording.
  if (plane.is_boot) vlan["primary_rack"] = "6e4dwe";
  vlan["id"] = plane.vlan_id;
  vlan["space"] = plane.is_spaceless ? "undefined" : plane.plane.space;
  vlan["fabric_id"] = plane.fabric_id;
  vlan["fabric"] = fmt::format("fabric-{}", plane.fabric_id);
  vlan["name"] = plane.plane.vlan ? fmt::format("{}", *plane.plane.vlan) : "untagged";
  vlan["resource_uri"] = fmt::format("/MAAS/api/2.0/vlans/{}/", plane.vlan_id);
  return vlan;
}

json::object link_json(const LabNic& nic, const LabPlane& plane, json::object link) {
  link["id"] = nic.link_id;
  link["mode"] = nic.address ? "static" : "link_up";
  if (nic.address) {
    link["ip_address"] = to_string(*nic.address);
  } else {
    link.erase("ip_address");
  }
  link["subnet"] = subnet_json(plane);
  return link;
}

/// Replaces a word in every text of the value, however deep.
void rename_in(json::value& value, std::string_view what, std::string_view with) {
  if (json::object* object = value.if_object()) {
    for (auto& member : *object) rename_in(member.value(), what, with);
  } else if (json::array* array = value.if_array()) {
    for (json::value& item : *array) rename_in(item, what, with);
  } else if (json::string* text = value.if_string()) {
    value = replace_all(std::string(*text), what, with);
  }
}

/// Block devices of machine N: the recording's numbers are those of machine 0.
void renumber_disks(json::value& disks, std::size_t machine) {
  json::array* array = disks.if_array();
  if (array == nullptr) return;
  for (json::value& disk : *array) {
    const std::int64_t former = find_integer(disk, "id").value_or(0);
    const std::int64_t id = former + 2 * static_cast<std::int64_t>(machine);
    rename_in(disk, fmt::format("/blockdevices/{}/", former), fmt::format("/blockdevices/{}/", id));
    disk.as_object()["id"] = id;
    json::value* partitions = disk.as_object().if_contains("partitions");
    if (partitions == nullptr || !partitions->is_array()) continue;
    for (json::value& partition : partitions->as_array()) partition.as_object()["device_id"] = id;
  }
}

/// Disks that the site wants MAAS to know are there, of the declared size, beside the recorded
/// ones.
void add_declared_disks(const Site& site, json::value& disks) {
  json::array* array = disks.if_array();
  if (array == nullptr || array->empty()) return;
  for (const BlankDisk& declared : site.blank_disks) {
    if (declared.source != DiskSource::maas) continue;
    const std::string name = declared.path.substr(declared.path.rfind('/') + 1);
    auto disk = std::find_if(array->begin(), array->end(), [&](const json::value& known) {
      return string_or_empty(known, "name") == name;
    });
    if (disk == array->end()) {
      json::value copy = array->back();
      rename_in(copy, string_or_empty(copy, "name"), name);
      copy.as_object()["id"] = find_integer(copy, "id").value_or(0) + 1000;
      array->push_back(std::move(copy));
      disk = array->end() - 1;
    }
    disk->as_object()["size"] = declared.size;
    disk->as_object()["available_size"] = declared.size;
  }
}

/// As on the recorded machine that failed its tests: its partitions hold no file system.
void unformat(json::value& disk) {
  if (!disk.is_object() || !disk.as_object().contains("partitions")) return;
  for (json::value& partition : disk.as_object()["partitions"].as_array()) {
    partition.as_object()["filesystem"] = nullptr;
  }
}

MachineQuirk deploying() {
  return {.status = 9, .status_name = "Deploying", .power = "on", .owner = "admin"};
}

MachineQuirk deployed() {
  return {.status = 6, .status_name = "Deployed", .power = "on", .owner = "admin"};
}

void set_state(const MachineQuirk& state, json::object& object) {
  object["status"] = state.status.value_or(4);
  object["status_name"] = state.status_name.empty() ? "Ready" : state.status_name;
  object["power_state"] = state.power.empty() ? "off" : state.power;
  object["locked"] = state.is_locked;
  object["error_description"] = state.error;
  if (!state.architecture.empty()) object["architecture"] = state.architecture;
  if (state.status == 9) object["status_message"] = "Performing PXE boot";
  if (state.status == 9) object["status_action"] = "";
  if (state.owner.empty()) return;
  object["owner"] = state.owner;
  object["osystem"] = "ubuntu";
  object["distro_series"] = "jammy";
}

json::array tag_names(const RegionView& view, const MachineQuirk& state) {
  if (state.has_no_tags) return {};
  std::set<std::string> tags = view.world.settings.machine_tags;
  tags.insert("virtual");
  return json::array(tags.begin(), tags.end());
}

/// The plane after this one, for what lies where it should not.
const LabPlane& next_plane(const LabWorld& world, const LabPlane& plane) {
  for (std::size_t at = 0; at + 1 < world.planes.size(); ++at) {
    if (world.planes[at].plane.name == plane.plane.name) return world.planes[at + 1];
  }
  return world.planes.front();
}

json::object link_of_mode(json::object link, const char* mode) {
  link["mode"] = mode;
  link.erase("ip_address");
  return link;
}

/// The links of an odd NIC, out of the one that it should have.
json::array quirky_links(const RegionView& view, const LabNic& nic, const LabPlane& plane,
                         json::object link) {
  switch (*nic.quirk) {
    case NicQuirk::gone:
    case NicQuirk::disconnected:
    case NicQuirk::unlinked:
      return {};
    case NicQuirk::automatic:
      return {link_of_mode(std::move(link), "auto")};
    case NicQuirk::link_up:
      return {link_of_mode(std::move(link), "link_up")};
    case NicQuirk::without_subnet:
      link.erase("subnet");
      return {link_of_mode(std::move(link), "link_up")};
    case NicQuirk::by_dhcp:
      link["mode"] = "dhcp";
      return {std::move(link)};
    case NicQuirk::on_other_subnet: {
      const LabPlane& other = next_plane(view.world, plane);
      link["subnet"] = subnet_json(other);
      link["ip_address"] = to_string(Ipv4{other.plane.cidr.network.bits + 99});
      return {std::move(link)};
    }
    case NicQuirk::other_address:
      return {std::move(link)};
    case NicQuirk::two_addresses: {
      json::object second = link;
      second["id"] = nic.link_id + 1000;
      if (nic.address) second["ip_address"] = to_string(Ipv4{nic.address->bits + 1});
      return {std::move(link), std::move(second)};
    }
  }
  return {};
}

/// Whether a bond lies on the NIC: on two of a machine that has one.
bool is_bonded(const RegionView& view, const LabMachine& machine, const LabNic& nic) {
  const auto quirk = view.world.faults.maas.machines.find(machine.hostname);
  if (quirk == view.world.faults.maas.machines.end() || !quirk->second.has_bond) return false;
  return nic.name == "enp9s0" || nic.name == "enp10s0";
}

void add_bond(const RegionView& view, const LabMachine& machine, json::array& interfaces) {
  const auto quirk = view.world.faults.maas.machines.find(machine.hostname);
  if (quirk == view.world.faults.maas.machines.end() || !quirk->second.has_bond) return;
  json::value bond = recorded_shape(Shape::bond);
  for (json::value& each : bond.as_array()) {
    each.as_object()["system_id"] = machine.system_id;
    interfaces.push_back(std::move(each));
  }
}

}  // namespace

json::object subnet_json(const LabPlane& plane) {
  json::object subnet = recorded_object(Shape::subnet);
  subnet["name"] = plane.plane.space;
  subnet["vlan"] = vlan_json(plane);
  subnet["cidr"] = to_string(plane.plane.cidr);
  subnet["gateway_ip"] = nullptr;
  if (plane.plane.gateway) subnet["gateway_ip"] = to_string(*plane.plane.gateway);
  json::array servers;
  for (const Ipv4 server : plane.plane.dns) servers.emplace_back(to_string(server));
  subnet["dns_servers"] = std::move(servers);
  subnet["id"] = plane.subnet_id;
  subnet["space"] = plane.is_spaceless ? "undefined" : plane.plane.space;
  subnet["resource_uri"] = fmt::format("/MAAS/api/2.0/subnets/{}/", plane.subnet_id);
  return subnet;
}

json::object interface_json(const RegionView& view, const LabMachine& machine, const LabNic& nic) {
  const json::object& of_machine = recorded_shape(Shape::machine).as_object();
  json::object object = of_machine.at("interface_set").as_array().front().as_object();
  const LabPlane* plane = view.world.plane(nic.plane);
  const json::object link_shape = object["links"].as_array().front().as_object();
  object["id"] = nic.id;
  object["name"] = nic.name;
  object["mac_address"] = nic.mac;
  object["system_id"] = machine.system_id;
  object["resource_uri"] =
      fmt::format("/MAAS/api/2.0/nodes/{}/interfaces/{}/", machine.system_id, nic.id);
  json::array links;
  if (plane != nullptr) {
    object["vlan"] = vlan_json(*plane);
    object["effective_mtu"] = plane->plane.mtu.value_or(kDefaultMtu);
    json::object link = link_json(nic, *plane, link_shape);
    if (nic.quirk) {
      links = quirky_links(view, nic, *plane, std::move(link));
    } else {
      links.push_back(std::move(link));
    }
  }
  if (nic.quirk == NicQuirk::disconnected) object["vlan"] = nullptr;
  if (nic.quirk == NicQuirk::by_dhcp && plane != nullptr && nic.address) {
    object["discovered"] = json::array{
        json::object{{"subnet", subnet_json(*plane)}, {"ip_address", to_string(*nic.address)}}};
  }
  if (is_bonded(view, machine, nic)) {
    object["children"] = json::array{"bond0"};
    links.clear();
  }
  object["links"] = std::move(links);
  return object;
}

json::array interfaces_json(const RegionView& view, const LabMachine& machine) {
  json::array interfaces;
  for (const LabNic& nic : machine.nics) {
    if (nic.quirk == NicQuirk::gone) continue;
    interfaces.push_back(interface_json(view, machine, nic));
  }
  add_bond(view, machine, interfaces);
  return interfaces;
}

MachineQuirk state_of(const RegionView& view, const LabMachine& machine) {
  const MachineTimes times = deployment_of_host(view.world, view.models, machine.hostname);
  if (times.running && *times.running <= view.now) return deployed();
  if (times.allocated && *times.allocated <= view.now) return deploying();
  const auto quirk = view.world.faults.maas.machines.find(machine.hostname);
  return quirk == view.world.faults.maas.machines.end() ? MachineQuirk{} : quirk->second;
}

json::array subnets_json(const RegionView& view) {
  json::array subnets;
  for (const LabPlane& plane : view.world.planes) {
    if (!plane.is_missing) subnets.push_back(subnet_json(plane));
  }
  if (view.world.faults.maas.has_v6_subnet) subnets.push_back(recorded_shape(Shape::subnet_v6));
  return subnets;
}

json::object broken_machine_json() {
  return recorded_object(Shape::broken_machine);
}

json::array fabrics_json(const RegionView& view) {
  json::array fabrics;
  for (const LabPlane& plane : view.world.planes) {
    fabrics.push_back(
        json::object{{"class_type", nullptr},
                     {"name", fmt::format("fabric-{}", plane.fabric_id)},
                     {"id", plane.fabric_id},
                     {"vlans", json::array{vlan_json(plane)}},
                     {"resource_uri", fmt::format("/MAAS/api/2.0/fabrics/{}/", plane.fabric_id)}});
  }
  return fabrics;
}

json::object machine_json(const RegionView& view, const LabMachine& machine) {
  json::value value = recorded_shape(Shape::machine);
  const std::string former_id = string_or_empty(value, "system_id");
  const std::string former_name = string_or_empty(value, "hostname");
  rename_in(value, former_id, machine.system_id);
  rename_in(value, former_name, machine.hostname);
  json::object& object = value.as_object();
  for (const char* disks : {"blockdevice_set", "physicalblockdevice_set"}) {
    renumber_disks(object[disks], machine.index);
    add_declared_disks(view.world.site, object[disks]);
  }
  if (!object["blockdevice_set"].as_array().empty()) {
    object["boot_disk"] = object["blockdevice_set"].as_array().front();
  }
  object["interface_set"] = interfaces_json(view, machine);
  object["boot_interface"] = nullptr;
  json::array addresses;
  for (const LabNic& nic : machine.nics) {
    const LabPlane* plane = view.world.plane(nic.plane);
    if (nic.address) addresses.emplace_back(to_string(*nic.address));
    if (plane == nullptr || !plane->is_boot) continue;
    object["boot_interface"] = interface_json(view, machine, nic);
    json::object& gateways = object["default_gateways"].as_object()["ipv4"].as_object();
    gateways["gateway_ip"] = nullptr;
    if (plane->plane.gateway) gateways["gateway_ip"] = to_string(*plane->plane.gateway);
  }
  object["ip_addresses"] = std::move(addresses);
  const std::int64_t number = 2 * static_cast<std::int64_t>(machine.index);
  object["current_commissioning_result_id"] = 3 + number;
  object["current_testing_result_id"] = 4 + number;
  const MachineQuirk state = state_of(view, machine);
  object["tag_names"] = tag_names(view, state);
  set_state(state, object);
  if (state.status == kFailedTesting) {
    for (const char* disks : {"blockdevice_set", "physicalblockdevice_set"}) {
      for (json::value& disk : object[disks].as_array()) unformat(disk);
    }
    unformat(object["boot_disk"]);
  }
  if (view.world.faults.maas.region == RegionQuirk::older) {
    object.erase("ephemeral_deploy");  // both new in 3.5
    object.erase("error_description");
  }
  return std::move(object);
}

json::array spaces_json(const RegionView& view) {
  json::array spaces;
  for (const LabPlane& plane : view.world.planes) {
    spaces.push_back(
        json::object{{"description", ""},
                     {"id", plane.space_id},
                     {"subnets", json::array{json::value(subnet_json(plane))}},
                     {"resource_uri", fmt::format("/MAAS/api/2.0/spaces/{}/", plane.space_id)},
                     {"vlans", json::array{json::value(vlan_json(plane))}},
                     {"name", plane.plane.space}});
  }
  return spaces;
}

}  // namespace gatehouse::sim
