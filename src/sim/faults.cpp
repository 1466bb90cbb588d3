#include "sim/faults.h"

#include <functional>
#include <map>

#include <fmt/format.h>

#include "base/text.h"

namespace gatehouse::sim {
namespace {

/// "" where the fault was put in, else what the site would have to declare.
using Chooser = std::string (*)(const Site&, WorldFaults&);

std::string choose_unlinked(const Site& site, WorldFaults& faults) {
  for (auto machine = site.machines.rbegin(); machine != site.machines.rend(); ++machine) {
    if (machine->links.empty()) continue;
    faults.unlinked = WorldFaults::NicTarget{machine->hostname, machine->links.begin()->first};
    return "";
  }
  return "no machine with a link";
}

std::string choose_wrong_dns(const Site& site, WorldFaults& faults) {
  for (auto plane = site.planes.rbegin(); plane != site.planes.rend(); ++plane) {
    if (!plane->has_dns) continue;
    faults.wrong_dns_plane = plane->name;
    return "";
  }
  return "no plane with dns";
}

std::string choose_deployed(const Site& site, WorldFaults& faults) {
  if (site.machines.empty()) return "no machine";
  faults.deployed_host = site.machines[site.machines.size() / 2].hostname;
  return "";
}

std::string choose_powered(const Site& site, WorldFaults& faults) {
  if (site.machines.empty()) return "no machine";
  faults.powered_host = site.machines.back().hostname;
  return "";
}

/// MAAS knows a disk's size and nothing of what is on it, so only an image can show that it was
/// written to.
std::string choose_disk(const Site& site, WorldFaults& faults) {
  for (const BlankDisk& disk : site.blank_disks) {
    if (disk.source != DiskSource::qemu_img || site.machines.empty()) continue;
    faults.written_disk_host = site.machines.back().hostname;
    return "";
  }
  return "no disk image that must be blank";
}

std::string choose_range(const Site& site, WorldFaults& faults) {
  if (site.reserved.empty()) return "no reserved range";
  faults.missing_range = site.reserved.front().name;
  return "";
}

std::string choose_active(const Site& site, WorldFaults& faults) {
  for (const ExpectedState& state : site.settled.expect) {
    if (state.workload != "blocked") continue;
    faults.active_applications = state.applications;
    return "";
  }
  return "no application that must be blocked";
}

std::string choose_never(const Site& site, WorldFaults& faults) {
  for (const ExpectedState& state : site.settled.expect) {
    if (!state.never) continue;
    faults.never_applications = state.applications;
    faults.never_message = replace_all(*state.never, "*", "");
    return "";
  }
  return "no message that must never be shown";
}

std::string choose_binding(const Site& site, WorldFaults& faults) {
  for (const auto& [application, endpoints] : site.bindings) {
    for (const auto& [endpoint, plane] : endpoints) {
      for (const Plane& other : site.planes) {
        if (other.name == plane.value) continue;
        faults.wrong_binding = WorldFaults::BindingTarget{application, endpoint, other.name};
        return "";
      }
    }
  }
  return "no binding beside a second plane";
}

template <bool WorldFaults::* Member>
std::string set_flag(const Site&, WorldFaults& faults) {
  faults.*Member = true;
  return "";
}

std::string choose_without_dns(const Site& site, WorldFaults& faults) {
  if (!site.dns || site.dns->lookup.empty()) return "no name to look up";
  faults.has_container_without_dns = true;
  return "";
}

const std::map<std::string_view, Chooser>& choosers() {
  static const std::map<std::string_view, Chooser> kChoosers = {
      {"nic-unlinked", choose_unlinked},
      {"subnet-dns-wrong", choose_wrong_dns},
      {"machine-deployed", choose_deployed},
      {"machine-powered-on", choose_powered},
      {"disk-not-blank", choose_disk},
      {"reserved-range-gone", choose_range},
      {"model-exists", set_flag<&WorldFaults::has_foreign_model>},
      {"controller-unreachable", set_flag<&WorldFaults::is_controller_unreachable>},
      {"maas-key-refused", set_flag<&WorldFaults::is_key_refused>},
      {"unit-hook-error", set_flag<&WorldFaults::has_hook_error>},
      {"blocked-application-active", choose_active},
      {"never-message", choose_never},
      {"container-without-dns", choose_without_dns},
      {"binding-wrong-network", choose_binding},
      {"dry-run-third-warning", set_flag<&WorldFaults::has_third_warning>},
      {"dry-run-line-differs", set_flag<&WorldFaults::has_different_line>},
      {"lying-models-unreachable", set_flag<&WorldFaults::is_model_list_unreachable>},
      {"lying-abort-exits-zero", set_flag<&WorldFaults::has_foreign_model>},
  };
  return kChoosers;
}

}  // namespace

Result<WorldFaults> resolve_world_faults(const std::set<std::string>& names, const Site& site) {
  WorldFaults faults;
  for (const std::string& name : names) {
    if (find_fault(name) == nullptr) {
      return fail(ErrorKind::invalid_input, fmt::format("there is no fault \"{}\"", name),
                  "gatehouse-lab faults lists them");
    }
    const auto chooser = choosers().find(name);
    if (chooser == choosers().end()) continue;  // an input fault: the copies carry it
    const std::string lacking = chooser->second(site, faults);
    if (lacking.empty()) continue;
    return fail(ErrorKind::invalid_input,
                fmt::format("fault \"{}\" cannot be shown at {}: the site declares {}", name,
                            site.name, lacking));
  }
  return faults;
}

}  // namespace gatehouse::sim
