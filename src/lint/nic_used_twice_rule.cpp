// D-057 of the reference site: OVN took the provider NIC into br-ex by its MAC, Juju put the same
// NIC into a Linux bridge for the containers that bind its space, and no floating IP was reachable.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "lint/places.h"
#include "lint/relations.h"
#include "lint/rule.h"
#include "lint/unit_places.h"

namespace gatehouse {

namespace {

// Options of ovn-chassis, neutron-openvswitch and neutron-gateway: "BRIDGE:MAC" or "BRIDGE:NIC",
// several of them separated by blanks.
constexpr std::array<const char*, 2> kBridgeOptions{"bridge-interface-mappings", "data-port"};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// The plane that the NIC serves on each machine for which the site says so.
std::set<const Plane*> planes_of_nic(const Site& site, const std::string& nic) {
  std::set<const Plane*> planes;
  for (const SiteMachine& machine : site.machines) {
    for (const auto& [plane, mac] : machine.macs) {
      if (lower(mac.value) == lower(nic)) planes.insert(site.plane(plane));
    }
    const auto link = machine.links.find(nic);
    if (link != machine.links.end()) planes.insert(site.plane_of(link->second.value));
  }
  planes.erase(nullptr);
  return planes;
}

bool declares_macs(const Site& site) {
  return std::any_of(site.machines.begin(), site.machines.end(),
                     [](const SiteMachine& machine) { return !machine.macs.empty(); });
}

class NicUse {
 public:
  NicUse(const LintCase& c, Findings& findings)
      : c_(c), findings_(findings), places_(unit_places(*c.plan)) {
    for (const Attachment& pair : attachments(c)) {
      principals_[pair.subordinate->name].push_back(pair.principal->name);
    }
  }

  void run() {
    for (const auto& [name, application] : c_.bundle.applications) {
      for (const char* option : kBridgeOptions) {
        const auto found = application.options.find(option);
        if (found != application.options.end()) judge_option(application, found->second);
      }
    }
  }

 private:
  void judge_option(const BundleApplication& application, const OptionValue& option) {
    std::map<std::string, std::string> bridges;  // by plane
    bool names_mac = false;
    for (const std::string& word : words_of(replace_all(option.text, "\n", " "))) {
      const std::size_t colon = word.find(':');
      if (colon == std::string::npos) continue;
      const std::string nic = word.substr(colon + 1);
      names_mac = names_mac || nic.find(':') != std::string::npos;
      for (const Plane* plane : planes_of_nic(*c_.site, nic)) {
        bridges.emplace(plane->name, word.substr(0, colon));
      }
    }
    if (bridges.empty() && names_mac && !declares_macs(*c_.site)) tell_unknown(application, option);
    for (const auto& [plane, bridge] : bridges) {
      judge_plane(application, option, *c_.site->plane(plane), bridge);
    }
  }

  void tell_unknown(const BundleApplication& application, const OptionValue& option) {
    findings_.add({.span = option.span,
                   .subject = application.name,
                   .message = "the NICs are named by MAC, and the site does not say which plane "
                              "they serve: whether containers want them too could not be judged",
                   .help = "declare them in the site file: machines.NAME.macs: {PLANE: MAC}",
                   .severity = Severity::note});
  }

  void judge_plane(const BundleApplication& application, const OptionValue& option,
                   const Plane& plane, const std::string& bridge) {
    std::vector<std::string> users;
    const std::set<std::string> machines = machines_of(application.name);
    for (const auto& [name, user] : c_.bundle.applications) {
      if (binds(user, plane.space) && has_container_on(name, machines)) users.push_back(name);
    }
    if (users.empty()) return;
    const bool is_hidden = lint_places::is_secret(option.span);
    findings_.add(
        {.span = option.span,
         .subject = application.name,
         .message = fmt::format(
             "{} takes the NIC of plane {}, and containers on the same machines bind its space {} "
             "({}: {}): both want the one NIC",
             is_hidden ? "a bridge" : bridge, plane.name, plane.space,
             users.size() == 1 ? "1 application" : fmt::format("{} applications", users.size()),
             join(users, ", ")),
         .help = "give the bridge a NIC that no space uses, or bind the containers to another "
                 "space: Juju bridges the NIC for them, and what was second finds it taken"});
  }

  // Where the application's bridge is made: beside its principals, if it is a subordinate.
  std::set<std::string> machines_of(const std::string& name) const {
    std::vector<std::string> hosts{name};
    if (const auto found = principals_.find(name); found != principals_.end()) {
      hosts.insert(hosts.end(), found->second.begin(), found->second.end());
    }
    std::set<std::string> machines;
    for (const std::string& host : hosts) {
      const auto found = places_.find(host);
      if (found == places_.end()) continue;
      for (const UnitPlace& place : found->second) {
        if (!place.is_in_container) machines.insert(place.machine);
      }
    }
    return machines;
  }

  static bool binds(const BundleApplication& application, const std::string& space) {
    return std::any_of(application.bindings.begin(), application.bindings.end(),
                       [&](const auto& binding) { return binding.second.value == space; });
  }

  bool has_container_on(const std::string& name, const std::set<std::string>& machines) const {
    const auto found = places_.find(name);
    return found != places_.end() &&
           std::any_of(found->second.begin(), found->second.end(), [&](const UnitPlace& place) {
             return place.is_in_container && machines.contains(place.machine);
           });
  }

  const LintCase& c_;
  Findings& findings_;
  std::map<std::string, std::vector<UnitPlace>> places_;
  std::map<std::string, std::vector<std::string>> principals_;
};

void judge(const LintCase& c, Findings& findings) {
  if (c.site && c.plan) NicUse(c, findings).run();
}

}  // namespace

extern const Rule nic_used_twice_rule;
const Rule nic_used_twice_rule{
    .code = "bundle/nic-used-twice",
    .severity = Severity::error,
    .summary = "a bridge takes the NIC of a space that containers on the same machine bind",
    .judge = judge,
};

}  // namespace gatehouse
