#include "gates/machine_needs.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse {

namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;

/// "64G", "65536M" or "65536", as Juju reads sizes; in MiB.
std::optional<std::int64_t> mebibytes(std::string_view text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || number < 0 || number > 1e12) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  constexpr std::string_view kUnits = "MGTPEZY";  // each 1024 times the one before
  if (unit.size() > 1) return std::nullopt;
  const std::size_t power = unit.empty() ? 0 : kUnits.find(unit.front());
  if (power > 4) return std::nullopt;
  for (std::size_t step = 0; step < power; ++step) number *= 1024;
  return static_cast<std::int64_t>(number);
}

void read_size(const std::string& word, std::string_view value, std::int64_t& size,
               MachineNeeds& needs) {
  const auto read = mebibytes(value);
  if (read) {
    size = *read;
  } else {
    needs.unread.push_back(word);
  }
}

void read_constraint(const std::string& word, MachineNeeds& needs) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos || equals + 1 == word.size()) return;  // "mem=" lifts a default
  const std::string key = word.substr(0, equals);
  const std::string value = word.substr(equals + 1);
  if (key == "arch") needs.architecture = value;
  if (key == "mem") read_size(word, value, needs.memory_mib, needs);
  if (key == "root-disk") read_size(word, value, needs.root_disk_mib, needs);
  if (key == "cores" || key == "cpu-cores") {
    const char* end = value.data() + value.size();
    if (std::from_chars(value.data(), end, needs.cores).ptr != end) needs.unread.push_back(word);
  }
  if (key == "zones") needs.zones = split(value, ',');
  if (key != "tags") return;
  for (const std::string& tag : split(value, ',')) {
    if (tag.starts_with('^')) needs.excluded_tags.push_back(tag.substr(1));
    if (!tag.empty() && !tag.starts_with('^')) needs.tags.push_back(tag);
  }
}

/// "1" of "1" and of "1/lxd/0".
std::string_view host_of(std::string_view machine) {
  return machine.substr(0, machine.find('/'));
}

/// The hosts of each application's units.
using Hosts = std::map<std::string, std::set<std::string>, std::less<>>;

Hosts hosts_of_principals(const Plan& plan) {
  Hosts hosts;
  for (const PlannedUnit& unit : plan.units) {
    hosts[unit.application].insert(std::string(host_of(unit.machine)));
  }
  return hosts;
}

// What the charms' facts tell; where they tell none, the only application that it could be.
std::set<std::string> principals_of(const Inputs& inputs, const std::string& subordinate,
                                    const Hosts& placed) {
  const auto known = inputs.principals.find(subordinate);
  if (known != inputs.principals.end()) return known->second;
  std::set<std::string> related;
  for (const BundleRelation& relation : inputs.bundle()->relations) {
    const std::string first = application_of(relation.first);
    const std::string second = application_of(relation.second);
    if (first != subordinate && second != subordinate) continue;
    const std::string& other = first == subordinate ? second : first;
    if (placed.contains(other)) related.insert(other);
  }
  return related.size() == 1 ? related : std::set<std::string>{};
}

void add_subordinates(const Inputs& inputs, Hosts& hosts) {
  const Hosts placed = hosts;
  for (const auto& [name, application] : inputs.bundle()->applications) {
    if (placed.contains(name) || application.num_units > 0) continue;
    for (const std::string& principal : principals_of(inputs, name, placed)) {
      const auto beside = placed.find(principal);
      if (beside != placed.end()) hosts[name].insert(beside->second.begin(), beside->second.end());
    }
  }
}

void add_planes(const Inputs& inputs, const Hosts& hosts, const std::string& number,
                MachineNeeds& needs) {
  for (const auto& [name, machines] : hosts) {
    const BundleApplication* application = inputs.bundle()->find(name);
    if (!application || !machines.contains(number)) continue;
    for (const auto& [endpoint, space] : application->bindings) {
      if (const Plane* plane = inputs.site.plane_of_space(space.value)) {
        needs.planes[plane->name].insert(name);
      }
    }
  }
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

bool has_disk_of(const MaasMachine& machine, std::int64_t mib) {
  return std::any_of(machine.disks.begin(), machine.disks.end(), [&](const auto& disk) {
    return disk.second / kMebibyte >= static_cast<std::uint64_t>(mib);
  });
}

}  // namespace

std::vector<MachineNeeds> machine_needs(const Inputs& inputs, const Plan& plan) {
  Hosts hosts = hosts_of_principals(plan);
  if (inputs.bundle()) add_subordinates(inputs, hosts);
  std::vector<MachineNeeds> all;
  for (const PlannedMachine& machine : plan.machines) {
    MachineNeeds needs;
    needs.machine = machine.bundle_id.empty() ? "new machine " + machine.number : machine.bundle_id;
    needs.constraints = machine.constraints;
    for (const std::string& word : words_of(machine.constraints)) read_constraint(word, needs);
    if (inputs.bundle()) add_planes(inputs, hosts, machine.number, needs);
    all.push_back(std::move(needs));
  }
  return all;
}

std::vector<std::string> unmet(const MachineNeeds& needs, const MaasMachine& machine) {
  std::vector<std::string> reasons;
  const std::string architecture = machine.architecture.substr(0, machine.architecture.find('/'));
  if (!needs.architecture.empty() && architecture != needs.architecture) {
    reasons.push_back(fmt::format("its architecture is {}",
                                  architecture.empty() ? "not known to MAAS" : architecture));
  }
  if (machine.memory_mib < needs.memory_mib) {
    reasons.push_back(fmt::format("it has {} MiB of memory", machine.memory_mib));
  }
  if (machine.cores < needs.cores) reasons.push_back(fmt::format("it has {} cores", machine.cores));
  if (needs.root_disk_mib > 0 && !has_disk_of(machine, needs.root_disk_mib)) {
    reasons.emplace_back("it has no disk of that size");
  }
  if (!needs.zones.empty() && !contains(needs.zones, machine.zone)) {
    reasons.push_back(fmt::format("it is in zone {}", machine.zone));
  }
  for (const std::string& tag : needs.tags) {
    if (!contains(machine.tags, tag)) reasons.push_back("it lacks the tag " + tag);
  }
  for (const std::string& tag : needs.excluded_tags) {
    if (contains(machine.tags, tag)) reasons.push_back("it has the tag " + tag);
  }
  return reasons;
}

std::vector<std::string> common_tags(const std::vector<MachineNeeds>& needs) {
  if (needs.empty()) return {};
  std::vector<std::string> common = needs.front().tags;
  std::erase_if(common, [&](const std::string& tag) {
    return !std::all_of(needs.begin(), needs.end(),
                        [&](const MachineNeeds& each) { return contains(each.tags, tag); });
  });
  return common;
}

}  // namespace gatehouse
