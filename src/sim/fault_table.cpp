#include "sim/faults.h"

#include <vector>

#include <fmt/format.h>

namespace gatehouse::sim {

std::span<const Fault> all_faults() {
  static const std::vector<Fault> kAll = [] {
    std::vector<Fault> all;
    for (const auto& rows : {input_faults(), maas_faults(), host_faults(), juju_faults()}) {
      all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
  }();
  return kAll;
}

const Fault* find_fault(std::string_view name) {
  for (const Fault& fault : all_faults()) {
    if (fault.name == name) return &fault;
  }
  return nullptr;
}

Result<WorldFaults> resolve_world_faults(const std::set<std::string>& names, const Site& site) {
  WorldFaults faults;
  for (const std::string& name : names) {
    const Fault* fault = find_fault(name);
    if (fault == nullptr) {
      return fail(ErrorKind::invalid_input, fmt::format("there is no fault \"{}\"", name),
                  "gatehouse-lab faults lists them");
    }
    if (fault->choose == nullptr) continue;  // an input fault: the copies carry it
    const std::string lacking = fault->choose(site, faults);
    if (lacking.empty()) continue;
    return fail(ErrorKind::invalid_input,
                fmt::format("fault \"{}\" cannot be shown at {}: the site declares {}", name,
                            site.name, lacking));
  }
  return faults;
}

}  // namespace gatehouse::sim
