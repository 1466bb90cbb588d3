#include "setup/first_site.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/text.h"
#include "setup/first_site_impl.h"

namespace gatehouse::setup {

namespace {

// The option by which ceph-osd tells what it formats.
constexpr const char* kDevicesOption = "osd-devices";
constexpr std::string_view kDevice = "/dev/";

std::vector<FoundPlane> find_planes(const Facts& facts) {
  std::vector<FoundPlane> planes;
  std::set<std::string> names;
  for (const MaasSubnet& subnet : *facts.maas_subnets.value()) {
    const auto cidr = parse_cidr(subnet.cidr);
    if (!cidr || subnet.space.empty()) continue;
    std::string name = subnet.space;
    for (int number = 2; !names.insert(name).second; ++number) {
      name = fmt::format("{}-{}", subnet.space, number);
    }
    planes.push_back({name, &subnet, *cidr});
  }
  return planes;
}

std::vector<std::string> tags_of(const std::string& constraints) {
  std::vector<std::string> tags;
  for (const std::string& word : words_of(constraints)) {
    if (word.starts_with("tags=")) tags = split(word.substr(5), ',');
  }
  return tags;
}

std::string architecture_of(const std::string& constraints) {
  for (const std::string& word : words_of(constraints)) {
    if (word.starts_with("arch=")) return word.substr(5);
  }
  return "";
}

bool fits(const MaasMachine& machine, const std::string& constraints) {
  const std::string architecture = architecture_of(constraints);
  if (!architecture.empty() && !machine.architecture.starts_with(architecture + "/") &&
      machine.architecture != architecture) {
    return false;
  }
  for (const std::string& tag : tags_of(constraints)) {
    const bool is_unwanted = tag.starts_with('^');
    const std::string name = is_unwanted ? tag.substr(1) : tag;
    const bool has =
        std::find(machine.tags.begin(), machine.tags.end(), name) != machine.tags.end();
    if (!name.empty() && has == is_unwanted) return false;
  }
  return true;
}

class Writer {
 public:
  Writer(const FirstSite& site, const Seen& seen)
      : draft_{site, seen, find_planes(seen.facts)},
        machines_(machines_for(seen.bundle, *seen.facts.maas_machines.value())) {}

  std::string write() {
    write_head();
    write_peers();
    write_planes();
    write_ranges();
    write_machines();
    write_disks();
    write_bundle_sections(draft_);
    write_state();
    write_bindings(draft_);
    write_acceptances();
    return draft_.lines.take();
  }

 private:
  void write_head() {
    draft_.lines.comment(fmt::format(
        "A first site file, made by gatehouse site init at {}. Behind each value stands where it",
        to_rfc3339(draft_.site.made_at)));
    draft_.lines.comment("came from: what is seen is not yet what is wanted, so read every line.");
    draft_.lines.comment("docs/formats/site.md tells all keys.");
    draft_.lines.add(0, "");
    draft_.lines.add(0, "gatehouse: 1", "version of this format");
    draft_.lines.add(0, "site: " + yaml_text(draft_.site.name.value), draft_.site.name.origin);
    draft_.lines.add(0, "bundle: " + yaml_text(draft_.site.bundle_file), "--bundle");
    if (draft_.site.overlays.empty()) return;
    draft_.lines.add(0, "overlays:");
    for (const FirstOverlay& overlay : draft_.site.overlays) {
      std::vector<std::string> members{"file: " + yaml_text(overlay.file)};
      if (overlay.is_secret) members.emplace_back("secret: true");
      draft_.lines.add(1, "- " + flow_map(members), overlay.origin);
    }
  }

  void write_peers() {
    draft_.lines.section("Whom to talk to.");
    draft_.lines.add(0, "juju:");
    for (const auto& [key, told] :
         {std::pair("controller", &draft_.site.controller), std::pair("cloud", &draft_.site.cloud),
          std::pair("region", &draft_.site.region),
          std::pair("credential", &draft_.site.credential),
          std::pair("model", &draft_.site.model)}) {
      if (told->value.empty()) {
        draft_.lines.comment(fmt::format("{}: nobody told it; Juju's own choice then", key), 1);
      } else {
        draft_.lines.add(1, fmt::format("{}: {}", key, yaml_text(told->value)), told->origin);
      }
    }
    const FirstMaas& maas = draft_.site.maas;
    if (!maas.profile.empty()) {
      draft_.lines.add(0, "maas: {profile: " + yaml_text(maas.profile) + "}", maas.origin);
      return;
    }
    draft_.lines.add(0,
                     "maas: " + flow_map({"url: " + yaml_text(maas.url),
                                          "key_file: " + yaml_text(maas.key_file)}),
                     maas.origin);
  }

  void write_planes() {
    draft_.lines.section("Each subnet that MAAS keeps in a space; named as its space.");
    const Evidence& evidence = draft_.seen.facts.maas_subnets.evidence();
    draft_.lines.comment("MAAS: " + evidence.locator);
    draft_.lines.add(0, "planes:");
    for (const FoundPlane& plane : draft_.planes) {
      const MaasSubnet& subnet = *plane.subnet;
      std::vector<std::string> members{"cidr: " + to_string(plane.cidr)};
      if (plane.name != subnet.space) members.push_back("space: " + yaml_text(subnet.space));
      std::vector<std::string> servers;
      for (const std::string& server : subnet.dns_servers) {
        if (parse_ipv4(server)) servers.push_back(server);
      }
      if (servers.size() == subnet.dns_servers.size()) {
        members.push_back("dns: [" + join(servers, ", ") + "]");
      }
      const auto gateway = parse_ipv4(subnet.gateway);
      if (gateway && plane.cidr.contains(*gateway)) {
        members.push_back("gateway: " + subnet.gateway);
      }
      members.push_back(fmt::format("maas_id: {}", subnet.id));
      if (subnet.mtu && *subnet.mtu != 1500) members.push_back(fmt::format("mtu: {}", *subnet.mtu));
      if (subnet.vid && *subnet.vid != 0) members.push_back(fmt::format("vlan: {}", *subnet.vid));
      draft_.lines.add(1, yaml_pair(plane.name, flow_map(members)), "MAAS: subnet " + subnet.name);
    }
  }

  void write_ranges() {
    std::vector<std::pair<std::string, const MaasRange*>> found;
    std::set<std::string> names;
    for (const MaasRange& range : *draft_.seen.facts.maas_ranges.value()) {
      const auto parsed = parse_ipv4_range(range.start + "-" + range.end);
      if (range.type != "reserved" || !parsed) continue;
      const FoundPlane* plane = draft_.plane_of(parsed->first);
      if (!plane || !plane->cidr.contains(parsed->last)) continue;
      std::string name = name_of(range.comment);
      if (name.empty() || !names.insert(name).second) {
        name = fmt::format("range-{}", range.id);
        names.insert(name);
      }
      found.emplace_back(name, &range);
    }
    draft_.lines.section("What MAAS must keep free; under `absent` stands what must be gone.");
    if (found.empty()) {
      draft_.lines.comment("ranges: MAAS has no reserved range on these planes");
      return;
    }
    draft_.lines.comment("MAAS: " + draft_.seen.facts.maas_ranges.evidence().locator);
    draft_.lines.add(0, "ranges:");
    draft_.lines.add(1, "reserved:");
    for (const auto& [name, range] : found) {
      draft_.lines.add(2, yaml_pair(name, range->start + "-" + range->end),
                       fmt::format("MAAS: range {}{}{}", range->id,
                                   range->comment.empty() ? "" : ", ", range->comment));
    }
  }

  /// A comment of MAAS as a name of ours.
  static std::string name_of(const std::string& comment) {
    std::string name;
    for (const char c : comment.substr(0, 40)) {
      const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (is_word) name += c;
      if (c >= 'A' && c <= 'Z') name += static_cast<char>(c - 'A' + 'a');
      if ((c == ' ' || c == '-' || c == '_') && !name.empty() && name.back() != '-') name += '-';
    }
    while (name.ends_with('-')) name.pop_back();
    return name;
  }

  /// NIC -> address, of static links on a plane; each address once in the whole file.
  std::vector<std::string> links_of(const MaasMachine& machine) {
    std::vector<std::string> links;
    for (const MaasInterface& interface : machine.interfaces) {
      for (const MaasLink& link : interface.links) {
        const auto address = link.address ? parse_ipv4(*link.address) : std::nullopt;
        if (link.mode != "static" || !address || !draft_.plane_of(*address)) continue;
        if (!addresses_.insert(to_string(*address)).second) continue;
        links.push_back(yaml_pair(interface.name, to_string(*address)));
        break;
      }
    }
    return links;
  }

  bool is_named_in_bundle(const std::string& mac) const {
    for (const auto& [name, application] : draft_.seen.bundle.applications) {
      for (const auto& [key, option] : application.options) {
        if (option.text.find(mac) != std::string::npos) return true;
      }
    }
    return false;
  }

  /// plane -> MAC, of NICs that an option of the bundle names.
  std::vector<std::string> macs_of(const MaasMachine& machine) const {
    std::vector<std::string> macs;
    std::set<std::string> served;
    for (const MaasInterface& interface : machine.interfaces) {
      if (interface.mac_address.empty() || !is_named_in_bundle(interface.mac_address)) continue;
      for (const MaasLink& link : interface.links) {
        for (const FoundPlane& plane : draft_.planes) {
          if (link.cidr != to_string(plane.cidr) || !served.insert(plane.name).second) continue;
          macs.push_back(yaml_pair(plane.name, "\"" + interface.mac_address + "\""));
        }
      }
    }
    return macs;
  }

  void write_machines() {
    draft_.lines.section(
        "Machines that have the tags and the architecture of the bundle's machines.");
    draft_.lines.comment("MAAS: " + draft_.seen.facts.maas_machines.evidence().locator);
    if (machines_.size() != draft_.seen.plan.machines.size()) {
      draft_.lines.comment(
          fmt::format("The bundle needs {} machines, and {} fit: MAAS may take any.",
                      draft_.seen.plan.machines.size(), machines_.size()));
    }
    draft_.lines.add(0, machines_.empty() ? "machines: {}" : "machines:");
    for (const MaasMachine* machine : machines_) {
      std::vector<std::string> members;
      if (const auto links = links_of(*machine); !links.empty()) {
        members.push_back("links: " + flow_map(links));
      }
      if (const auto macs = macs_of(*machine); !macs.empty()) {
        members.push_back("macs: " + flow_map(macs));
      }
      if (machine->memory_mib > 0) {
        members.push_back(fmt::format("memory: {}MiB", machine->memory_mib));
      }
      members.push_back("maas_id: " + yaml_text(machine->system_id));
      draft_.lines.add(1, yaml_text(machine->hostname) + ":", "MAAS: " + machine->status_name);
      for (const std::string& member : members) draft_.lines.add(2, member);
    }
  }

  /// The size that the device has on every machine of the site; nothing where they differ.
  std::optional<std::uint64_t> size_on_all(const std::string& device) const {
    std::optional<std::uint64_t> size;
    for (const MaasMachine* machine : machines_) {
      const auto disk = machine->disks.find(device.substr(kDevice.size()));
      if (disk == machine->disks.end() || (size && *size != disk->second)) return std::nullopt;
      size = disk->second;
    }
    return size;
  }

  std::map<std::string, std::string> devices() const {
    std::map<std::string, std::string> found;  // device -> who takes it
    for (const auto& [name, application] : draft_.seen.bundle.applications) {
      const auto option = application.options.find(kDevicesOption);
      if (option == application.options.end()) continue;
      for (const std::string& word : words_of(option->second.text)) {
        if (word.starts_with(kDevice)) found[word] += (found[word].empty() ? "" : ", ") + name;
      }
    }
    return found;
  }

  void write_images() {
    const FirstDisks& disks = *draft_.site.disks;
    std::optional<std::uint64_t> size;
    for (const auto& [key, disk] : draft_.seen.facts.host_disks) {
      if (disk.value()) size = disk.value()->virtual_size;
    }
    if (!size) {
      draft_.lines.comment("blank_disks: " + disks.host + " told the size of no image");
      return;
    }
    std::vector<std::string> members{"source: qemu-img", "host: " + yaml_text(disks.host),
                                     "path: " + yaml_text(disks.path)};
    if (disks.uses_sudo) members.emplace_back("sudo: true");
    members.push_back("size: " + yaml_size(*size));
    draft_.lines.add(0, "blank_disks:");
    draft_.lines.add(1, "- " + flow_map(members), "--disk-host, --disk-path; size: qemu-img there");
  }

  void write_disks() {
    draft_.lines.section("Disks that will be formatted, and must hold nothing.");
    if (draft_.site.disks) {
      write_images();
      return;
    }
    bool has_title = false;
    for (const auto& [device, who] : devices()) {
      const auto size = size_on_all(device);
      if (!size) {
        draft_.lines.comment(fmt::format(
            "{} of {}: MAAS does not know it with one size on all machines", device, who));
        continue;
      }
      if (!has_title) draft_.lines.add(0, "blank_disks:");
      has_title = true;
      draft_.lines.add(1,
                       "- " + flow_map({"source: maas", "path: " + yaml_text(device),
                                        "size: " + yaml_size(*size)}),
                       fmt::format("bundle: {} of {}; size: MAAS", kDevicesOption, who));
    }
    if (has_title) {
      draft_.lines.comment(
          "MAAS knows no content. Of guests it can be seen: --disk-host, --disk-path.");
    }
  }

  void write_state() {
    draft_.lines.section(
        "Names that every machine must resolve: `dns: {lookup: [NAME]}`. Nobody told any.");
    draft_.lines.section(
        "When the model counts as settled. Say under `expect` what must not be active yet.");
    draft_.lines.add(0, "settled:");
    draft_.lines.add(1, "deadline: 3h", "default");
    draft_.lines.add(1, "dwell: 6m", "default");
    draft_.lines.add(1, "default: {workload: active, agent: idle}", "default");
  }

  void write_acceptances() {
    if (draft_.site.accept.empty()) return;
    draft_.lines.section(
        "ERRORS that are there today. Mend them and take them out, or say why they stay.");
    draft_.lines.add(0, "accept:");
    for (const FirstAcceptance& each : draft_.site.accept) {
      draft_.lines.comment(each.message, 1);
      std::vector<std::string> members{"code: " + yaml_text(each.code)};
      if (!each.subject.empty()) members.push_back("on: " + yaml_text(each.subject));
      members.push_back("reason: " + yaml_text("found by site init, to be decided"));
      draft_.lines.add(1, "- " + flow_map(members), "gatehouse site check");
    }
  }

  SiteDraft draft_;
  std::vector<const MaasMachine*> machines_;
  std::set<std::string> addresses_;
};

}  // namespace

const FoundPlane* SiteDraft::plane_of(Ipv4 address) const {
  for (const FoundPlane& plane : planes) {
    if (plane.cidr.contains(address)) return &plane;
  }
  return nullptr;
}

std::string yaml_pair(const std::string& key, const std::string& value) {
  return yaml_text(key) + ": " + value;
}

std::vector<const MaasMachine*> machines_for(const Bundle& bundle,
                                             const std::vector<MaasMachine>& machines) {
  std::vector<const MaasMachine*> found;
  for (const MaasMachine& machine : machines) {
    const bool is_wanted =
        bundle.machines.empty() ||
        std::any_of(bundle.machines.begin(), bundle.machines.end(), [&](const auto& entry) {
          return fits(machine, entry.second.constraints.value);
        });
    if (is_wanted && !machine.hostname.empty()) found.push_back(&machine);
  }
  std::sort(found.begin(), found.end(), [](const MaasMachine* first, const MaasMachine* second) {
    return first->hostname < second->hostname;
  });
  return found;
}

std::string first_site_text(const FirstSite& site, const Seen& seen) {
  return Writer(site, seen).write();
}

}  // namespace gatehouse::setup
