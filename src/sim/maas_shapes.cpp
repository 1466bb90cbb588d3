#include "sim/maas_shapes.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.h"
#include "sim/embedded.h"

namespace gatehouse::sim {
namespace {

constexpr std::int64_t kDefaultMtu = 1500;

json::object shape(Shape wanted) {
  return recorded_shape(wanted).as_object();
}

json::object vlan_json(const LabPlane& plane) {
  json::object vlan = shape(Shape::subnet)["vlan"].as_object();
  vlan["vid"] = plane.plane.vlan.value_or(0);
  vlan["mtu"] = plane.plane.mtu.value_or(kDefaultMtu);
  vlan["dhcp_on"] = plane.is_boot;
  // A rack serves DHCP where machines boot; its name is that of the recording.
  if (plane.is_boot) vlan["primary_rack"] = "6e4dwe";
  vlan["id"] = plane.vlan_id;
  vlan["space"] = plane.plane.space;
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

struct MachineState {
  int status = 4;
  std::string status_name = "Ready";
  std::string status_message;
  bool is_on = false;
  bool is_owned = false;
};

MachineState state_of(const RegionView& view, const LabMachine& machine) {
  const WorldFaults& faults = view.world.faults;
  const MachineTimes times = deployment_of_host(view.world, view.models, machine.hostname);
  if (faults.maas.deployed_host == machine.hostname ||
      (times.started && *times.started <= view.now)) {
    return {6, "Deployed", "Deployed", true, true};
  }
  if (times.allocated && *times.allocated <= view.now) {
    return {9, "Deploying", "Performing PXE boot", true, true};
  }
  MachineState state;
  state.is_on = faults.maas.powered_host == machine.hostname;
  return state;
}

void set_state(const MachineState& state, json::object& object) {
  object["status"] = state.status;
  object["status_name"] = state.status_name;
  if (!state.status_message.empty()) object["status_message"] = state.status_message;
  if (!state.status_message.empty()) object["status_action"] = "";
  object["power_state"] = state.is_on ? "on" : "off";
  if (!state.is_owned) return;
  object["owner"] = "admin";
  object["osystem"] = "ubuntu";
  object["distro_series"] = "jammy";
}

std::string maas_time(Moment moment) {
  const std::tm parts = fmt::gmtime(std::chrono::system_clock::to_time_t(moment));
  return fmt::format("{:%a, %d %b. %Y %H:%M:%S}", parts);
}

struct UsedAddress {
  Ipv4 address;
  const LabMachine* machine = nullptr;  ///< of a container the machine that it lies on
  std::string via;
  std::string container;  ///< its host name; "" for a machine
};

void add_container_addresses(const RegionView& view, const LabPlane& plane, const LabModel& model,
                             std::vector<UsedAddress>& used) {
  const Timeline timeline(view.world, model);
  for (const LabContainer& container : model.plan->containers) {
    const MachineTimes times = timeline.container(container.id);
    if (!times.allocated || *times.allocated > view.now) continue;
    const LabModelMachine* machine = model.plan->machine(container.machine);
    for (const LabContainerNic& nic : container.nics) {
      const auto address = parse_ipv4(nic.address);
      if (!address || !plane.plane.cidr.contains(*address)) continue;
      used.push_back({*address, machine ? view.world.machine(machine->hostname) : nullptr, nic.name,
                      "juju-lab-" + replace_all(container.id, "/", "-")});
    }
  }
}

std::vector<UsedAddress> used_addresses(const RegionView& view, const LabPlane& plane) {
  std::vector<UsedAddress> used;
  for (const LabMachine& machine : view.world.machines) {
    for (const LabNic& nic : machine.nics) {
      if (nic.plane != plane.plane.name || !nic.address) continue;
      used.push_back({*nic.address, &machine, nic.name, ""});
    }
  }
  for (const LabModel& model : view.models) {
    if (model.plan) add_container_addresses(view, plane, model, used);
  }
  std::sort(used.begin(), used.end(), [](const UsedAddress& first, const UsedAddress& second) {
    return first.address < second.address;
  });
  return used;
}

}  // namespace

json::object subnet_json(const LabPlane& plane) {
  json::object subnet = shape(Shape::subnet);
  subnet["name"] = plane.plane.space;
  subnet["vlan"] = vlan_json(plane);
  subnet["cidr"] = to_string(plane.plane.cidr);
  subnet["gateway_ip"] = nullptr;
  if (plane.plane.gateway) subnet["gateway_ip"] = to_string(*plane.plane.gateway);
  json::array servers;
  for (const Ipv4 server : plane.plane.dns) servers.emplace_back(to_string(server));
  subnet["dns_servers"] = std::move(servers);
  subnet["id"] = plane.subnet_id;
  subnet["space"] = plane.plane.space;
  subnet["resource_uri"] = fmt::format("/MAAS/api/2.0/subnets/{}/", plane.subnet_id);
  return subnet;
}

json::object interface_json(const RegionView& view, const LabMachine& machine, const LabNic& nic) {
  json::object object = shape(Shape::machine)["interface_set"].as_array().front().as_object();
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
    if (nic.is_linked) links.push_back(link_json(nic, *plane, link_shape));
  }
  object["links"] = std::move(links);
  return object;
}

json::array interfaces_json(const RegionView& view, const LabMachine& machine) {
  json::array interfaces;
  for (const LabNic& nic : machine.nics) interfaces.push_back(interface_json(view, machine, nic));
  return interfaces;
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
  set_state(state_of(view, machine), object);
  return std::move(object);
}

json::array ipranges_json(const RegionView& view) {
  json::array ranges;
  std::int64_t id = 1;
  for (const SiteRange& range : view.world.site.reserved) {
    ++id;  // 1 is the dynamic range of the boot plane in the recording
    if (view.world.faults.maas.missing_range == range.name) continue;
    const Plane* plane = view.world.site.plane_of(range.range.first);
    const LabPlane* lab_plane = plane == nullptr ? nullptr : view.world.plane(plane->name);
    if (lab_plane == nullptr) continue;
    json::object object = shape(Shape::iprange);
    object["subnet"] = subnet_json(*lab_plane);
    object["start_ip"] = to_string(range.range.first);
    object["end_ip"] = to_string(range.range.last);
    object["comment"] = range.name;
    object["id"] = id;
    object["resource_uri"] = fmt::format("/MAAS/api/2.0/ipranges/{}/", id);
    ranges.push_back(std::move(object));
  }
  return ranges;
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

json::array ip_addresses_json(const RegionView& view, const LabPlane& plane, Detail detail) {
  json::array addresses;
  const std::string made = maas_time(view.world.settings.lab_origin);
  for (const UsedAddress& used : used_addresses(view, plane)) {
    json::object object = shape(Shape::address);
    object["ip"] = to_string(used.address);
    object["created"] = made;
    object["updated"] = made;
    if (detail == Detail::plain) object.erase("node_summary");
    if (detail == Detail::with_nodes && used.machine != nullptr) {
      const std::string& host = used.container.empty() ? used.machine->hostname : used.container;
      json::object& node = object["node_summary"].as_object();
      node["system_id"] = used.machine->system_id;
      node["hostname"] = host;
      node["fqdn"] = host + ".maas";
      node["is_container"] = !used.container.empty();
      node["via"] = used.via;
    }
    addresses.push_back(std::move(object));
  }
  return addresses;
}

json::array reserved_ip_ranges_json(const RegionView& view, const LabPlane& plane) {
  struct Part {
    Ipv4Range range;
    const char* purpose;
  };
  std::vector<Part> parts;
  if (plane.plane.gateway) {
    parts.push_back({{*plane.plane.gateway, *plane.plane.gateway}, "gateway-ip"});
  }
  for (const SiteRange& range : view.world.site.reserved) {
    if (view.world.faults.maas.missing_range == range.name) continue;
    if (plane.plane.cidr.contains(range.range.first)) parts.push_back({range.range, "reserved"});
  }
  for (const UsedAddress& used : used_addresses(view, plane)) {
    parts.push_back({{used.address, used.address}, "assigned-ip"});
  }
  std::sort(parts.begin(), parts.end(), [](const Part& first, const Part& second) {
    return first.range.first < second.range.first;
  });
  json::array ranges;
  for (std::size_t i = 0; i < parts.size();) {
    Ipv4Range whole = parts[i].range;
    std::set<std::string> purposes = {parts[i].purpose};
    // MAAS merges what touches or overlaps.
    for (++i; i < parts.size() && parts[i].range.first.bits <= whole.last.bits + 1; ++i) {
      whole.last = std::max(whole.last, parts[i].range.last);
      purposes.insert(parts[i].purpose);
    }
    json::array words;
    for (const std::string& purpose : purposes) words.emplace_back(purpose);
    ranges.push_back(json::object{{"start", to_string(whole.first)},
                                  {"end", to_string(whole.last)},
                                  {"num_addresses", whole.last.bits - whole.first.bits + 1},
                                  {"purpose", std::move(words)}});
  }
  return ranges;
}

}  // namespace gatehouse::sim
