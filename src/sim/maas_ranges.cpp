// Which addresses the lab's MAAS keeps free, hands out, and knows to be in use.
#include "sim/maas_shapes.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/text.h"
#include "sim/embedded.h"

namespace gatehouse::sim {
namespace {

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
      if (nic.quirk == NicQuirk::on_other_subnet) continue;
      used.push_back({*nic.address, &machine, nic.name, ""});
      if (nic.quirk != NicQuirk::two_addresses) continue;
      used.push_back({Ipv4{nic.address->bits + 1}, &machine, nic.name, ""});
    }
  }
  for (const SiteRange& range : view.world.site.reserved) {
    if (view.world.faults.maas.used_range != range.name) continue;
    if (plane.plane.cidr.contains(range.range.last) && !view.world.machines.empty()) {
      used.push_back({range.range.last, &view.world.machines.front(), "eth7", "forgotten-guest"});
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

Ipv4 broadcast_of(const Cidr& cidr) {
  return Ipv4{cidr.network.bits | (cidr.prefix == 0 ? ~0U : (1U << (32 - cidr.prefix)) - 1U)};
}

struct LabRange {
  std::int64_t id = 0;
  std::string type = "reserved";
  Ipv4Range range;
  std::string comment;
  bool has_user = true;
};

/// The last quarter of the boot plane, as far as the site wants nothing there.
std::optional<Ipv4Range> dynamic_range(const LabWorld& world) {
  const LabPlane* boot = world.boot_plane();
  if (boot == nullptr) return std::nullopt;
  const Ipv4 last = broadcast_of(boot->plane.cidr);
  const std::uint32_t size = last.bits - boot->plane.cidr.network.bits + 1;
  if (size < 64) return std::nullopt;
  const Ipv4Range range{Ipv4{last.bits - size / 4 + 1}, Ipv4{last.bits - 1}};
  const auto meets = [&](const SiteRange& other) {
    return other.range.first <= range.last && range.first <= other.range.last;
  };
  const Site& site = world.site;
  if (std::any_of(site.reserved.begin(), site.reserved.end(), meets)) return std::nullopt;
  if (std::any_of(site.absent.begin(), site.absent.end(), meets)) return std::nullopt;
  return range;
}

void add_reserved(const MaasFaults& faults, const SiteRange& declared, std::int64_t id,
                  std::vector<LabRange>& ranges) {
  LabRange range{.id = id, .range = declared.range, .comment = declared.name};
  if (faults.missing_range == declared.name) return;
  if (faults.short_range == declared.name) {
    range.range.last = Ipv4{range.range.last.bits - 1};
    range.comment.clear();
    range.has_user = false;
  }
  if (faults.dynamic_range == declared.name) {
    LabRange rest = range;
    range.range.last =
        Ipv4{range.range.first.bits + (range.range.last.bits - range.range.first.bits) / 2};
    rest.id = id + 100;
    rest.type = "dynamic";
    rest.range.first = Ipv4{range.range.last.bits + 1};
    ranges.push_back(rest);
  }
  ranges.push_back(range);
}

std::vector<LabRange> lab_ranges(const RegionView& view) {
  const MaasFaults& faults = view.world.faults.maas;
  std::vector<LabRange> ranges;
  if (const auto dynamic = dynamic_range(view.world)) {
    ranges.push_back(
        {.id = 1, .type = "dynamic", .range = *dynamic, .comment = "", .has_user = false});
  }
  std::int64_t id = 1;
  for (const SiteRange& range : view.world.site.reserved) add_reserved(faults, range, ++id, ranges);
  if (!faults.has_stale_range) return ranges;
  for (const SiteRange& range : view.world.site.absent) {
    ranges.push_back({.id = ++id, .range = range.range, .comment = "an earlier plan"});
  }
  return ranges;
}

/// One hypervisor is the BMC of all machines, as recorded: an address without `node_summary`.
json::object bmc_address_json(const RegionView& view, const LabPlane& plane,
                              const std::string& made) {
  json::array nodes;
  for (const LabMachine& machine : view.world.machines) {
    nodes.push_back(json::object{{"system_id", machine.system_id}, {"hostname", machine.hostname}});
  }
  return {{"ip", to_string(Ipv4{plane.plane.cidr.network.bits + 5})},
          {"alloc_type", 1},
          {"created", made},
          {"updated", made},
          {"bmcs", json::array{json::object{
                       {"id", 4}, {"power_type", "virsh"}, {"nodes", std::move(nodes)}}}}};
}

}  // namespace

json::array ipranges_json(const RegionView& view) {
  json::array ranges;
  for (const LabRange& range : lab_ranges(view)) {
    const Plane* plane = view.world.site.plane_of(range.range.first);
    const LabPlane* lab_plane = plane == nullptr ? nullptr : view.world.plane(plane->name);
    if (lab_plane == nullptr) continue;
    json::object object = recorded_object(Shape::iprange);
    object["subnet"] = subnet_json(*lab_plane);
    object["type"] = range.type;
    object["start_ip"] = to_string(range.range.first);
    object["end_ip"] = to_string(range.range.last);
    object["comment"] = range.comment;
    if (!range.has_user) object["user"] = nullptr;
    object["id"] = range.id;
    object["resource_uri"] = fmt::format("/MAAS/api/2.0/ipranges/{}/", range.id);
    ranges.push_back(std::move(object));
  }
  return ranges;
}

json::array ip_addresses_json(const RegionView& view, const LabPlane& plane, Detail detail) {
  json::array addresses;
  const std::string made = maas_time(view.world.settings.lab_origin);
  for (const UsedAddress& used : used_addresses(view, plane)) {
    json::object object = recorded_object(Shape::address);
    object["ip"] = to_string(used.address);
    object["created"] = made;
    object["updated"] = made;
    if (detail == Detail::plain) object.erase("node_summary");
    const std::string owner = used.machine ? state_of(view, *used.machine).owner : "";
    if (detail == Detail::with_nodes && !owner.empty()) object["user"] = owner;
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
  if (plane.is_boot && detail == Detail::with_nodes) {
    addresses.push_back(bmc_address_json(view, plane, made));
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
  for (const LabRange& range : lab_ranges(view)) {
    const char* purpose = range.type == "dynamic" ? "dynamic" : "reserved";
    if (plane.plane.cidr.contains(range.range.first)) parts.push_back({range.range, purpose});
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

json::array unreserved_ip_ranges_json(const RegionView& view, const LabPlane& plane) {
  json::array free;
  std::uint64_t next = std::uint64_t{plane.plane.cidr.network.bits} + 1;
  const std::uint64_t end = broadcast_of(plane.plane.cidr).bits;
  const auto add = [&](std::uint64_t until) {
    if (until <= next) return;
    free.push_back(json::object{{"start", to_string(Ipv4{static_cast<std::uint32_t>(next)})},
                                {"end", to_string(Ipv4{static_cast<std::uint32_t>(until - 1)})},
                                {"num_addresses", until - next}});
  };
  for (const json::value& reserved : reserved_ip_ranges_json(view, plane)) {
    const auto first = parse_ipv4(string_or_empty(reserved, "start"));
    const auto last = parse_ipv4(string_or_empty(reserved, "end"));
    if (!first || !last) continue;
    add(first->bits);
    next = std::uint64_t{last->bits} + 1;
  }
  add(end);
  return free;
}

json::object statistics_json(const RegionView& view, const LabPlane& plane, WithRanges with) {
  json::array all = reserved_ip_ranges_json(view, plane);
  std::int64_t available = 0, largest = 0;
  for (json::value& range : unreserved_ip_ranges_json(view, plane)) {
    const std::int64_t count = find_integer(range, "num_addresses").value_or(0);
    available += count;
    largest = std::max(largest, count);
    range.as_object()["purpose"] = json::array{"unused"};
    all.push_back(std::move(range));
  }
  const Ipv4 first{plane.plane.cidr.network.bits + 1};
  const Ipv4 last{broadcast_of(plane.plane.cidr).bits - 1};
  const std::int64_t total = std::int64_t{last.bits} - first.bits + 1;
  const double usage = static_cast<double>(total - available) / static_cast<double>(total);
  json::object object{{"num_available", available},
                      {"largest_available", largest},
                      {"num_unavailable", total - available},
                      {"total_addresses", total},
                      {"usage", usage},
                      {"usage_string", fmt::format("{:.0f}%", usage * 100)},
                      {"available_string", fmt::format("{:.0f}%", (1 - usage) * 100)},
                      {"first_address", to_string(first)},
                      {"last_address", to_string(last)},
                      {"ip_version", 4}};
  if (with == WithRanges::yes) object["ranges"] = std::move(all);
  return object;
}

}  // namespace gatehouse::sim
