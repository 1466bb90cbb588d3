#include "clients/maas/decode.h"

#include <fmt/format.h>

#include "base/json_cursor.h"

namespace gatehouse::maas {

namespace {

std::vector<std::string> strings_of(const json::value& item, std::string_view key) {
  std::vector<std::string> out;
  if (const json::array* list = find_array(item, key)) {
    for (const json::value& entry : *list) {
      if (entry.is_string()) out.emplace_back(entry.get_string());
    }
  }
  return out;
}

/// The text at a member of a member: `subnet.cidr`. "" where any of it is null or absent.
std::string text_at(const json::value& item, std::string_view member, std::string_view key) {
  const json::value* inner = find(item, member);
  return inner ? string_or_empty(*inner, key) : std::string{};
}

bool is_null(const json::value& item, std::string_view key) {
  const json::value* member = find(item, key);
  return member && member->is_null();
}

tl::unexpected<Error> malformed(std::string_view what, std::string_view key) {
  return fail(ErrorKind::malformed,
              fmt::format("{} of MAAS: an object with a text \"{}\" is expected", what, key));
}

tl::unexpected<Error> no_list(std::string_view what) {
  return fail(ErrorKind::malformed, fmt::format("{} of MAAS: a list is expected", what));
}

Result<json::value> parse(std::string_view body) {
  Result<json::value> document = parse_json(body);
  if (!document) return fail(with_context(document.error(), "answer of MAAS"));
  return document;
}

/// Item by item: of 37 kB that MAAS tells of a machine, a fact keeps a hundredth.
template <class T>
Result<std::vector<T>> decode_list(std::string_view body, std::string_view what,
                                   Result<T> (*decode)(const json::value&)) {
  JsonCursor cursor(body);
  if (cursor.kind() != JsonCursor::Kind::array) {
    const Result<json::value> document = parse(body);
    return document ? no_list(what) : fail(document.error());
  }
  std::vector<T> out;
  Result<void> read = cursor.for_each_element([&]() -> Result<void> {
    const auto value = cursor.read();
    if (!value) return fail(value.error());
    Result<T> item = decode(**value);
    if (!item) return fail(with_context(item.error(), fmt::format("{} {}", what, out.size())));
    out.push_back(std::move(*item));
    return {};
  });
  if (read) read = cursor.finish();
  if (!read) return fail(with_context(read.error(), "answer of MAAS"));
  return out;
}

MaasLink decode_link(const json::value& item) {
  MaasLink link{.mode = string_or_empty(item, "mode"), .address = {}, .cidr = {}};
  // The keys are absent, not null, in `auto` before deployment and in `link_up` without subnet.
  const std::string address = string_or_empty(item, "ip_address");
  if (!address.empty()) link.address = address;
  const std::string cidr = text_at(item, "subnet", "cidr");
  if (!cidr.empty()) link.cidr = cidr;
  return link;
}

/// Of an address that is a BMC's: "BMC of openstack0", the first of its machines.
std::string bmc_holder(const json::value& item) {
  const json::array* bmcs = find_array(item, "bmcs");
  const json::array* nodes = bmcs && !bmcs->empty() ? find_array(bmcs->front(), "nodes") : nullptr;
  if (!nodes || nodes->empty()) return {};
  return "BMC of " + string_or_empty(nodes->front(), "hostname");
}

Result<MaasAddress> decode_address(const json::value& item) {
  const auto address = find_string(item, "ip");
  if (!address) return malformed("address in use", "ip");
  std::string holder = text_at(item, "node_summary", "hostname");
  if (holder.empty()) holder = bmc_holder(item);
  if (holder.empty()) holder = string_or_empty(item, "user");
  return MaasAddress{.address = *address,
                     .holder = std::move(holder),
                     .kind = find_integer(item, "alloc_type").value_or(-1)};
}

}  // namespace

Result<MaasInterface> decode_interface(const json::value& item) {
  const auto name = find_string(item, "name");
  if (!name) return malformed("interface", "name");
  MaasInterface interface{.name = *name,
                          .type = string_or_empty(item, "type"),
                          .mac_address = string_or_empty(item, "mac_address"),
                          .is_connected = !is_null(item, "vlan"),
                          .links = {}};
  if (const json::array* links = find_array(item, "links")) {
    for (const json::value& link : *links) {
      if (link.is_object()) interface.links.push_back(decode_link(link));
    }
  }
  return interface;
}

Result<MaasMachine> decode_machine(const json::value& item) {
  const auto system_id = find_string(item, "system_id");
  if (!system_id) return malformed("machine", "system_id");
  const auto hostname = find_string(item, "hostname");
  if (!hostname) return malformed("machine", "hostname");
  MaasMachine machine;
  machine.system_id = *system_id;
  machine.hostname = *hostname;
  machine.status = find_integer(item, "status").value_or(-1);
  machine.status_name = string_or_empty(item, "status_name");
  machine.power_state = string_or_empty(item, "power_state");
  machine.owner = string_or_empty(item, "owner");
  machine.is_locked = find_bool(item, "locked").value_or(false);
  machine.architecture = string_or_empty(item, "architecture");
  machine.memory_mib = find_integer(item, "memory").value_or(0);
  machine.cores = find_integer(item, "cpu_count").value_or(0);
  machine.zone = text_at(item, "zone", "name");
  machine.tags = strings_of(item, "tag_names");
  if (const json::array* disks = find_array(item, "physicalblockdevice_set")) {
    for (const json::value& disk : *disks) {
      const std::int64_t bytes = find_integer(disk, "size").value_or(0);
      machine.disks[string_or_empty(disk, "name")] =
          bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
    }
  }
  if (const json::value* interfaces = find(item, "interface_set")) {
    Result<std::vector<MaasInterface>> decoded = decode_interfaces(*interfaces);
    if (!decoded) return fail(with_context(decoded.error(), "machine " + machine.hostname));
    machine.interfaces = std::move(*decoded);
  }
  return machine;
}

Result<MaasSubnet> decode_subnet(const json::value& item) {
  const auto cidr = find_string(item, "cidr");
  if (!cidr) return malformed("subnet", "cidr");
  MaasSubnet subnet;
  subnet.id = find_integer(item, "id").value_or(0);
  subnet.name = string_or_empty(item, "name");
  subnet.cidr = *cidr;
  subnet.space = string_or_empty(item, "space");
  if (subnet.space == "undefined") subnet.space.clear();
  subnet.gateway = string_or_empty(item, "gateway_ip");
  subnet.dns_servers = strings_of(item, "dns_servers");
  if (const json::value* vlan = find(item, "vlan")) {
    subnet.mtu = find_integer(*vlan, "mtu");
    subnet.vid = find_integer(*vlan, "vid");
  }
  return subnet;
}

Result<MaasRange> decode_range(const json::value& item) {
  const auto start = find_string(item, "start_ip");
  if (!start) return malformed("address range", "start_ip");
  const auto end = find_string(item, "end_ip");
  if (!end) return malformed("address range", "end_ip");
  return MaasRange{.id = find_integer(item, "id").value_or(0),
                   .type = string_or_empty(item, "type"),
                   .start = *start,
                   .end = *end,
                   .comment = string_or_empty(item, "comment"),
                   .cidr = text_at(item, "subnet", "cidr")};
}

Result<std::vector<MaasMachine>> decode_machines(std::string_view body) {
  return decode_list(body, "machine", decode_machine);
}

Result<std::vector<MaasInterface>> decode_interfaces(const json::value& list) {
  const json::array* items = list.if_array();
  if (!items) return no_list("interface");
  std::vector<MaasInterface> out;
  for (const json::value& item : *items) {
    Result<MaasInterface> decoded = decode_interface(item);
    if (!decoded) {
      return fail(with_context(decoded.error(), fmt::format("interface {}", out.size())));
    }
    out.push_back(std::move(*decoded));
  }
  return out;
}

Result<std::vector<MaasSubnet>> decode_subnets(std::string_view body) {
  return decode_list(body, "subnet", decode_subnet);
}

Result<std::vector<MaasRange>> decode_ranges(std::string_view body) {
  return decode_list(body, "address range", decode_range);
}

Result<std::vector<MaasAddress>> decode_addresses(std::string_view body) {
  return decode_list(body, "address in use", decode_address);
}

Result<MaasIdentity> decode_identity(std::string_view body) {
  const Result<json::value> whoami = parse(body);
  if (!whoami) return fail(whoami.error());
  const auto username = find_string(*whoami, "username");
  if (!username) return malformed("user", "username");
  return MaasIdentity{.username = *username,
                      .is_superuser = find_bool(*whoami, "is_superuser").value_or(false),
                      .root = {}};
}

Result<std::string> decode_version(std::string_view body) {
  const Result<json::value> version = parse(body);
  if (!version) return fail(version.error());
  const auto number = find_string(*version, "version");
  if (!number) return malformed("version", "version");
  return *number == "None" ? std::string{} : *number;
}

}  // namespace gatehouse::maas
