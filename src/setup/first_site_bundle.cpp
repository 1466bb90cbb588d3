// What of a first site file the bundle and its plan tell.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "setup/first_site_impl.h"

namespace gatehouse::setup {

namespace {

// The option and the relation by which charms are made highly available by hacluster, and the charm
// of which the PKI is made.
constexpr const char* kVipOption = "vip";
constexpr const char* kVipRelation = "ha";
constexpr const char* kPkiCharm = "octavia";

/// The addresses of each application that sets the option, in order of their names.
std::map<std::string, std::vector<Ipv4>> find_vips(const Bundle& bundle) {
  std::map<std::string, std::vector<Ipv4>> vips;
  for (const auto& [name, application] : bundle.applications) {
    const auto option = application.options.find(kVipOption);
    if (option == application.options.end()) continue;
    std::vector<Ipv4> legs;
    for (const std::string& word : words_of(option->second.text)) {
      if (const auto address = parse_ipv4(word)) legs.push_back(*address);
    }
    if (!legs.empty()) vips[name] = std::move(legs);
  }
  return vips;
}

class BundleWriter {
 public:
  explicit BundleWriter(SiteDraft& draft) : draft_(draft) {}

  void write_sections() {
    write_vips();
    write_plan();
    write_pki();
  }

  /// The reserved range of MAAS that holds all of them, else the least that does.
  Told band_of(const std::vector<Ipv4>& addresses) const {
    const auto [least, most] = std::minmax_element(addresses.begin(), addresses.end());
    const Ipv4Range needed{*least, *most};
    for (const MaasRange& range : *draft_.seen.facts.maas_ranges.value()) {
      const auto parsed = parse_ipv4_range(range.start + "-" + range.end);
      if (range.type != "reserved" || !parsed || !parsed->contains(needed)) continue;
      return {to_string(*parsed), fmt::format("MAAS: range {}", range.id)};
    }
    return {to_string(*least) + "-" + to_string(*most), "bundle: the least that holds them"};
  }

  bool has_relation(const std::string& application) const {
    const std::string endpoint = application + ":" + kVipRelation;
    return std::any_of(draft_.seen.bundle.relations.begin(), draft_.seen.bundle.relations.end(),
                       [&](const BundleRelation& relation) {
                         return relation.first == endpoint || relation.second == endpoint;
                       });
  }

  static bool are_alike(const std::map<std::string, std::vector<Ipv4>>& vips) {
    return std::all_of(vips.begin(), vips.end(), [&](const auto& entry) {
      return entry.second.size() == vips.begin()->second.size();
    });
  }

  /// Whether the legs of each have the same host part in their planes.
  bool have_same_host_part(const std::map<std::string, std::vector<Ipv4>>& vips) const {
    return std::all_of(vips.begin(), vips.end(), [&](const auto& entry) {
      std::set<std::uint32_t> parts;
      for (const Ipv4 leg : entry.second) {
        if (const FoundPlane* plane = draft_.plane_of(leg))
          parts.insert(plane->cidr.host_part(leg));
      }
      return parts.size() <= 1;
    });
  }

  void write_vips() {
    const auto vips = find_vips(draft_.seen.bundle);
    if (vips.empty()) return;
    draft_.lines.section(
        "Virtual addresses, one for each leg, of every application that sets the option.");
    if (!are_alike(vips)) {
      draft_.lines.comment(
          "vips: the applications have different numbers of legs; say which are wanted");
      return;
    }
    std::vector<std::pair<std::string, Told>> legs;
    for (std::size_t at = 0; at < vips.begin()->second.size(); ++at) {
      std::vector<Ipv4> addresses;
      for (const auto& [name, each] : vips) addresses.push_back(each[at]);
      const FoundPlane* plane = draft_.plane_of(addresses.front());
      const bool is_one_plane =
          plane && std::all_of(addresses.begin(), addresses.end(),
                               [&](Ipv4 a) { return plane->cidr.contains(a); });
      if (!is_one_plane) {
        draft_.lines.comment("vips: addresses of one leg lie on no plane, or on several");
        return;
      }
      if (std::set<Ipv4>(addresses.begin(), addresses.end()).size() < addresses.size()) {
        draft_.lines.comment("vips: several applications have one address; mend the bundle first");
        return;
      }
      legs.emplace_back(plane->name, band_of(addresses));
    }
    first_leg_ = legs.front().first;
    draft_.lines.add(0, "vips:");
    draft_.lines.add(1, fmt::format("option: {}", kVipOption), "bundle");
    draft_.lines.add(1, "legs:");
    for (const auto& [plane, band] : legs) {
      draft_.lines.add(2, "- " + flow_map({"plane: " + yaml_text(plane), "band: " + band.value}),
                       band.origin);
    }
    draft_.lines.add(1, fmt::format("count: {}", vips.size()), "bundle");
    draft_.lines.add(
        1, std::string("same_host_part: ") + (have_same_host_part(vips) ? "true" : "false"),
        "bundle");
    const bool all_related = std::all_of(
        vips.begin(), vips.end(), [&](const auto& entry) { return has_relation(entry.first); });
    if (all_related)
      draft_.lines.add(1, fmt::format("relation: {}", kVipRelation), "bundle: all have it");
    draft_.lines.comment("taken: {NAME: ADDRESS}, what else has addresses there", 1);
  }

  void write_plan() {
    const PlanCounts& counts = draft_.seen.plan.counts;
    draft_.lines.section(
        "What the plan must come to. All of it is what the bundle comes to today.");
    draft_.lines.add(0, "plan:");
    draft_.lines.add(
        1,
        fmt::format("counts: {{applications: {}, units: {}, relations: {}, machines: {}, "
                    "containers: {}}}",
                    counts.applications, counts.units, counts.relations, counts.machines,
                    counts.containers),
        "plan of the bundle");
    write_numbers_and_placement();
    write_channels();
    std::set<std::string> warnings;
    for (const StrictRemark& remark : draft_.seen.bundle.remarks) {
      if (remark.kind == RemarkKind::unknown_field) {
        warnings.insert(remark.scope + "." + remark.field);
      }
    }
    std::vector<std::string> words;
    for (const std::string& warning : warnings) words.push_back(yaml_text(warning));
    draft_.lines.add(1, "warnings: [" + join(words, ", ") + "]",
                     "bundle: fields that Juju ignores");
    draft_.lines.comment("options, require, forbid: what must and must not be there", 1);
  }

  void write_numbers_and_placement() {
    std::map<std::string, std::string> bundle_ids;
    std::vector<std::string> numbers;
    for (const PlannedMachine& machine : draft_.seen.plan.machines) {
      if (machine.bundle_id.empty()) continue;
      bundle_ids[machine.number] = machine.bundle_id;
      numbers.push_back("\"" + machine.bundle_id + "\": " + machine.number);
    }
    if (numbers.empty()) return;
    draft_.lines.add(1, "machine_numbers: " + flow_map(numbers), "plan of the bundle");
    std::map<std::string, std::vector<std::string>> placement;
    std::set<std::string> elsewhere;
    for (const PlannedUnit& unit : draft_.seen.plan.units) {
      const auto id = bundle_ids.find(unit.machine);
      if (id == bundle_ids.end()) {
        elsewhere.insert(unit.application);
      } else {
        placement[unit.application].push_back("\"" + id->second + "\"");
      }
    }
    std::erase_if(placement, [&](const auto& entry) { return elsewhere.contains(entry.first); });
    if (placement.empty()) return;
    draft_.lines.add(1, "placement:", "bundle: what runs on the machines themselves");
    for (const auto& [application, ids] : placement) {
      draft_.lines.add(2, yaml_pair(application, "[" + join(ids, ", ") + "]"));
    }
  }

  void write_channels() {
    std::map<std::string, std::string> channels;
    for (const auto& [name, application] : draft_.seen.bundle.applications) {
      const std::string charm = application.charm_name();
      const auto [entry, is_new] = channels.emplace(charm, application.channel);
      const bool is_clear = !application.channel.empty() && !application.has_local_charm() &&
                            (is_new || entry->second == application.channel);
      if (is_clear) continue;
      draft_.lines.comment("channels: " + charm + " has none, or several", 1);
      return;
    }
    if (channels.empty()) return;
    draft_.lines.add(1, "channels:", "bundle, by charm; the first glob that matches decides");
    for (const auto& [charm, channel] : channels) {
      draft_.lines.add(2, "- " + yaml_pair(charm, yaml_text_of_channel(channel)));
    }
  }

  /// "2024.1/stable" and "latest/stable" are no numbers for YAML, and need no quotes.
  static std::string yaml_text_of_channel(const std::string& channel) {
    const bool is_plain = channel.find('/') != std::string::npos &&
                          std::all_of(channel.begin(), channel.end(), [](char c) {
                            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
                                   c == '/' || c == '-';
                          });
    return is_plain ? channel : yaml_text(channel);
  }

  void write_pki() {
    const bool has_secret = std::any_of(draft_.site.overlays.begin(), draft_.site.overlays.end(),
                                        [](const FirstOverlay& o) { return o.is_secret; });
    const auto application =
        std::find_if(draft_.seen.bundle.applications.begin(), draft_.seen.bundle.applications.end(),
                     [](const auto& entry) { return entry.second.charm_name() == kPkiCharm; });
    if (!has_secret || application == draft_.seen.bundle.applications.end()) return;
    draft_.lines.section("The PKI that the secret overlay carries: gatehouse pki create makes it.");
    draft_.lines.add(0, "pki:");
    draft_.lines.add(1, "application: " + yaml_text(application->first),
                     "bundle: its charm is octavia");
    draft_.lines.add(1, "organisation: " + yaml_text(draft_.site.name.value),
                     "a guess: O of every subject");
    draft_.lines.add(1, "name: " + yaml_text(draft_.site.name.value + " Octavia"),
                     "a guess: what the authorities' names begin with");
    const bool has_vip = find_vips(draft_.seen.bundle).contains(application->first);
    if (!first_leg_.empty() && has_vip) {
      draft_.lines.add(1, "ip_from_vip: " + yaml_text(first_leg_), "the first leg of its VIP");
    }
    draft_.lines.comment("dns: [NAME], DNS names of the controller certificate", 1);
  }

  void write_bindings() {
    std::map<std::string, std::string> plane_by_space;
    for (const FoundPlane& plane : draft_.planes)
      plane_by_space.emplace(plane.subnet->space, plane.name);
    bool has_title = false;
    for (const auto& [name, application] : draft_.seen.bundle.applications) {
      std::vector<std::string> members;
      const auto general = application.bindings.find("");
      for (const auto& [endpoint, space] : application.bindings) {
        const auto plane = plane_by_space.find(space.value);
        const bool is_special = general == application.bindings.end() ||
                                (!endpoint.empty() && space.value != general->second.value);
        if (plane == plane_by_space.end() || !is_special) continue;
        members.push_back(yaml_pair(endpoint, yaml_text(plane->second)));
      }
      if (members.empty()) continue;
      if (!has_title) {
        draft_.lines.section(
            "On which plane units must have their address: bindings that differ from the");
        draft_.lines.comment("application's own default. Bundle.");
        draft_.lines.add(0, "bindings:");
      }
      has_title = true;
      draft_.lines.add(1, yaml_text(name) + ":");
      for (const std::string& member : members) draft_.lines.add(2, member);
    }
  }

 private:
  SiteDraft& draft_;
  std::string first_leg_;
};

}  // namespace

void write_bundle_sections(SiteDraft& draft) {
  BundleWriter(draft).write_sections();
}

void write_bindings(SiteDraft& draft) {
  BundleWriter(draft).write_bindings();
}

}  // namespace gatehouse::setup
