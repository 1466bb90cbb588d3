// What may be wrong in the MAAS that the lab shows; rows and targets in fault_table_maas.cpp. Every
// odd shape is one that a real MAAS was recorded to send (tests/fixtures/maas, site drifted,
// errors).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

namespace gatehouse::sim {

/// What is odd about one NIC.
enum class NicQuirk {
  gone,             ///< there is none
  disconnected,     ///< `vlan` is null
  unlinked,         ///< `links` is empty, the VLAN is kept
  automatic,        ///< a link in mode auto: no `ip_address` before the deploy
  link_up,          ///< a link without address
  without_subnet,   ///< the same, and the key `subnet` is not there
  by_dhcp,          ///< an address that DHCP gave, also under `discovered`
  on_other_subnet,  ///< linked to the subnet of another plane
  other_address,
  two_addresses,
};

/// What is odd about one machine.
struct MachineQuirk {
  std::optional<int> status = {};
  std::string status_name = {};
  std::string power = {};  ///< "" for off
  std::string owner = {};  ///< "" for none
  std::string error = {};  ///< `error_description`
  std::string architecture = {};
  bool is_locked = false;
  bool is_gone = false;
  bool has_no_tags = false;
  bool has_bond = false;  ///< also a VLAN interface and a bridge on it
};

/// How the region itself fails.
enum class RegionQuirk {
  none,
  key_refused,       ///< 401: it knows no such key
  tells_the_secret,  ///< 401 whose body holds the right secret
  nonce_used,        ///< 401: it saw the nonce before
  forbidden,         ///< 403 with an empty body
  ordinary_user,     ///< the key's user is no administrator
  clock_ahead,       ///< a day: every timestamp has expired
  busy,              ///< 503
  busy_at_first,     ///< 503 to the first request of each path
  bad_gateway,       ///< 502 and nginx's page
  redirect,          ///< 301 to https, save for machines, as MAAS with TLS on its plain port
  speaks_tls,        ///< 400: plain HTTP was sent to the TLS port
  no_maas,           ///< 200 and a page
  resets,            ///< the connection closes without an answer
  cuts,              ///< half of the body comes
  drips,             ///< the body comes byte by byte
  stalls,            ///< no answer comes
  floods,            ///< 100 MB
  older,             ///< shapes of MAAS 3.4.1
};

struct MaasFaults {
  std::map<std::pair<std::string, std::string>, NicQuirk> nics;  ///< by host name and plane
  std::map<std::string, MachineQuirk> machines;                  ///< by host name
  RegionQuirk region = RegionQuirk::none;
  std::optional<std::string> wrong_dns_plane;
  std::optional<std::string> second_dns_plane;
  std::optional<std::string> no_dns_plane;
  std::optional<std::string> wrong_gateway_plane;
  std::optional<std::string> spaceless_plane;
  std::optional<std::string> missing_plane;
  std::optional<std::string> renumbered_plane;
  std::optional<std::string> missing_range;
  std::optional<std::string> dynamic_range;  ///< reserved, whose second half is dynamic
  std::optional<std::string> used_range;     ///< reserved, whose last address is in use
  std::optional<std::string> short_range;    ///< reserved, that lacks its last address and a name
  bool has_stale_range = false;
  bool has_stray = false;         ///< a Ready machine beside the site's, with their tags
  bool has_broken_stray = false;  ///< a machine without NICs, disks and BMC
  bool has_new_ids = false;       ///< of all machines and subnets
  bool has_v6_subnet = false;
};

}  // namespace gatehouse::sim
