#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "lint/rule.h"
#include "lint/spaces.h"
#include "lint/unit_places.h"

namespace gatehouse {

namespace {

bool has_nic(const Site& site, const SiteMachine& machine, const Plane& plane) {
  if (machine.macs.contains(plane.name)) return true;
  for (const auto& [nic, address] : machine.links) {
    if (site.plane_of(address.value) == &plane) return true;
  }
  return false;
}

// Machines for which the site declares no NIC on the plane; none where it declares no NIC on this
// plane for any machine: then it says nothing about it.
std::vector<std::string> machines_without(const Site& site, const Plane& plane) {
  std::vector<std::string> without;
  for (const SiteMachine& machine : site.machines) {
    if (!has_nic(site, machine, plane)) without.push_back(machine.hostname);
  }
  if (without.size() == site.machines.size()) without.clear();
  return without;
}

struct Need {
  std::set<std::string> machines;  ///< of the plan
  std::string application, endpoint;
  Span span;
};

std::map<std::string, Need> needs_by_space(const LintCase& c) {
  std::map<std::string, Need> needs;
  const auto places = unit_places(*c.plan);
  for (const auto& [name, application] : c.bundle.applications) {
    const auto found = places.find(name);
    if (found == places.end()) continue;
    for (const auto& [endpoint, space] : application.bindings) {
      Need& need = needs[space.value];
      if (need.machines.empty()) {
        need.application = name;
        need.endpoint = endpoint;
        need.span = space.span;
      }
      for (const UnitPlace& place : found->second) need.machines.insert(place.machine);
    }
  }
  return needs;
}

void judge(const LintCase& c, Findings& findings) {
  if (!c.site || !c.plan) return;
  for (const auto& [space, need] : needs_by_space(c)) {
    const Plane* plane = c.site->plane_of_space(space);
    if (!plane) continue;
    const std::vector<std::string> without = machines_without(*c.site, *plane);
    if (without.empty()) continue;
    const std::size_t with = c.site->machines.size() - without.size();
    const bool is_certain = need.machines.size() > with;
    findings.add(
        {.span = need.span,
         .subject = need.application,
         .message = fmt::format("space {} is bound on {} machines (first by {} \"{}\"), and the "
                                "site declares no NIC on plane {} for {}",
                                space, need.machines.size(), need.application, need.endpoint,
                                plane->name, join(without, ", ")),
         .help = "MAAS chooses the machines: give each of them a NIC on the plane, or tag those "
                 "that have one and constrain the bundle's machines to the tag",
         .severity = is_certain ? Severity::error : Severity::warning});
  }
}

}  // namespace

extern const Rule space_without_nic_rule;
const Rule space_without_nic_rule{
    .code = "bundle/space-without-nic",
    .severity = Severity::warning,
    .summary = "a space is bound on machines for which the site declares no NIC on its plane",
    .judge = judge,
};

}  // namespace gatehouse
