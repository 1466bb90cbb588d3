// Sections that say where things are: planes, ranges, machines, blank disks, VIPs.
#include <fmt/format.h>

#include "base/text.h"
#include "input/site/sections.h"

namespace gatehouse::site_file {

namespace {

constexpr std::string_view kMachineMark = "{machine}";

Plane read_plane(const NamedField& entry) {
  Map map(entry.field);
  Plane plane;
  plane.name = entry.name;
  plane.space = entry.name;
  plane.span = entry.field.key_span;
  plane.dns_span = entry.field.key_span;
  read_into(plane.cidr, map.need("cidr"), read_cidr);
  read_into(plane.space, map.take("space"), read_name);
  if (const std::optional<Field> dns = map.take("dns")) {
    plane.has_dns = true;
    plane.dns_span = dns->span();
    read_each(plane.dns, dns, read_address);
  }
  read_into(plane.gateway, map.take("gateway"), read_address);
  read_into(plane.maas_id, map.take("maas_id"), read_number);
  read_into(plane.mtu, map.take("mtu"), read_number);
  read_into(plane.vlan, map.take("vlan"), read_number);
  map.refuse_others();
  return plane;
}

void read_named_ranges(std::vector<SiteRange>& ranges, const std::optional<Field>& field) {
  if (!field) return;
  for (const NamedField& entry : read_entries(*field)) {
    if (const std::optional<Ipv4Range> range = read_range(entry.field)) {
      ranges.push_back({entry.name, *range, entry.field.span()});
    }
  }
}

std::optional<std::string> read_mac(const Field& field) {
  std::optional<std::string> text = read_text(field);
  if (!text) return std::nullopt;
  bool is_mac = text->size() == 17;
  for (std::size_t at = 0; is_mac && at < text->size(); ++at) {
    const char c = (*text)[at];
    const bool is_digit =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    is_mac = at % 3 == 2 ? c == ':' : is_digit;
  }
  if (!is_mac) {
    field.complain("bad-mac", "six pairs of hexadecimal digits, 52:54:00:12:00:02");
    return std::nullopt;
  }
  return text;
}

SiteMachine read_machine(const NamedField& entry) {
  SiteMachine machine;
  machine.hostname = entry.name;
  machine.span = entry.field.key_span;
  if (!is_hostname(entry.name)) {
    entry.field.findings->error(
        "bad-name", entry.field.key_span,
        fmt::format("machine \"{}\", wanted a host name of letters, digits, '.' and '-'",
                    entry.name));
  }
  Map map(entry.field);
  if (const std::optional<Field> links = map.take("links")) {
    for (const NamedField& link : read_entries(*links)) {
      if (const std::optional<Ipv4> address = read_address(link.field)) {
        machine.links[link.name] = {*address, link.field.span()};
      }
    }
  }
  if (const std::optional<Field> macs = map.take("macs")) {
    for (const NamedField& nic : read_entries(*macs)) {
      if (const std::optional<std::string> mac = read_mac(nic.field)) {
        machine.macs[nic.name] = {*mac, nic.field.key_span};
      }
    }
  }
  read_into(machine.memory, map.take("memory"), read_size);
  read_into(machine.maas_id, map.take("maas_id"), read_word);
  map.refuse_others();
  return machine;
}

std::optional<std::string> read_disk_path(const Field& field) {
  std::optional<std::string> text = read_word(field);
  if (!text) return std::nullopt;
  const std::string rest = replace_all(*text, kMachineMark, "");
  if (!text->starts_with('/') || rest.find_first_of("{}") != std::string::npos) {
    field.complain("bad-path", "a path from the root on, maybe with {machine} in it");
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> read_ssh_host(const Field& field) {
  std::optional<std::string> text = read_word(field);
  if (!text) return std::nullopt;
  // Any machine's name could stand there.
  const std::string named = replace_all(*text, kMachineMark, "m");
  const std::string_view host = named;
  const std::size_t at = host.find('@');
  const bool has_user = at != std::string_view::npos;
  const bool is_good = is_hostname(has_user ? host.substr(at + 1) : host) &&
                       (!has_user || is_name(host.substr(0, at)));
  if (!is_good) {
    field.complain("bad-name", "a host name, or USER@HOST, maybe with {machine} in it");
    return std::nullopt;
  }
  return text;
}

BlankDisk read_blank_disk(const Field& field) {
  Map map(field);
  BlankDisk disk;
  disk.span = field.span();
  disk.allocated_at_most = std::uint64_t{1} << 20U;
  std::string source;
  const std::optional<Field> named = map.need("source");
  if (named) {
    read_into(source, named,
              [](const Field& choice) { return read_choice(choice, {"qemu-img", "maas"}); });
  }
  disk.source = source == "maas" ? DiskSource::maas : DiskSource::qemu_img;
  const bool is_image = source == "qemu-img";
  read_into(disk.host, is_image ? map.need("host") : map.take("host"), read_ssh_host);
  read_into(disk.path, map.need("path"), read_disk_path);
  read_into(disk.uses_sudo, map.take("sudo"), read_bool);
  read_into(disk.size, map.need("size"), read_size);
  read_into(disk.allocated_at_most, map.take("allocated_at_most"), read_size);
  map.refuse_others();
  return disk;
}

VipLeg read_leg(const Field& field) {
  Map map(field);
  VipLeg leg;
  leg.span = field.span();
  read_into(leg.plane, map.need("plane"), read_word);
  read_into(leg.band, map.need("band"), read_range);
  map.refuse_others();
  return leg;
}

}  // namespace

void read_planes(std::vector<Plane>& planes, const Field& field) {
  Map map(field);
  map.need_entries("at least one plane");
  for (const NamedField& entry : map.entries()) planes.push_back(read_plane(entry));
}

void read_ranges(Site& site, const Field& field) {
  Map map(field);
  read_named_ranges(site.reserved, map.take("reserved"));
  read_named_ranges(site.absent, map.take("absent"));
  map.refuse_others();
}

void read_machines(std::vector<SiteMachine>& machines, const Field& field) {
  Map map(field);
  map.need_entries("at least one machine");
  for (const NamedField& entry : map.entries()) machines.push_back(read_machine(entry));
}

void read_blank_disks(std::vector<BlankDisk>& disks, const Field& field) {
  for (const Field& item : read_items(field)) disks.push_back(read_blank_disk(item));
}

VipPolicy read_vips(const Field& field) {
  Map map(field);
  VipPolicy vips;
  vips.span = field.span();
  vips.option = "vip";
  vips.same_host_part = true;
  read_into(vips.option, map.take("option"), read_name);
  if (const std::optional<Field> legs = map.need("legs")) {
    for (const Field& item : read_items(*legs)) vips.legs.push_back(read_leg(item));
    if (legs->node->kind == yaml::Kind::sequence && legs->node->items().empty()) {
      legs->findings->error("empty", legs->span(),
                            "vips.legs has no entry, wanted at least one leg");
    }
  }
  read_into(vips.count, map.need("count"), read_count);
  read_into(vips.same_host_part, map.take("same_host_part"), read_bool);
  if (const std::optional<Field> taken = map.take("taken")) {
    for (const NamedField& entry : read_entries(*taken)) {
      if (const std::optional<Ipv4> address = read_address(entry.field)) {
        vips.taken[entry.name] = *address;
      }
    }
  }
  read_into(vips.relation, map.take("relation"), read_text);
  map.refuse_others();
  return vips;
}

}  // namespace gatehouse::site_file
