// The grammars of Juju's names: applications, endpoints, machines, placements, offers.
// Source: juju/names v5 (snippets), charm library v12 (ParsePlacement, parseEndpoint, offerurl.go).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gatehouse::bundle {

/// Also the grammar of storage, device, offer and charm names.
bool is_application_name(std::string_view text);
bool is_endpoint_name(std::string_view text);
bool is_space_name(std::string_view text);
bool is_machine_id(std::string_view text);
/// [a-z]+[a-z0-9]*
bool is_series_name(std::string_view text);

/// Points into the directive that it was read from.
struct Placement {
  std::string_view container;    ///< "lxd"; any word passes
  std::string_view machine;      ///< an id, or "new"
  std::string_view application;  ///< "" where the target is a machine
  int unit = -1;                 ///< -1: none named

  bool is_new() const { return machine == "new"; }
};
std::optional<Placement> parse_placement(std::string_view text);

/// Points into the text that it was read from.
struct Endpoint {
  std::string_view application;
  std::string_view name;  ///< "" where only the application is given

  auto operator<=>(const Endpoint&) const = default;
};
std::optional<Endpoint> parse_endpoint(std::string_view text);

/// [controller:][user/]model.application[:endpoint]
bool is_offer_url(const std::string& text);
/// net.ParseCIDR: IPv4 or IPv6, host bits allowed.
bool is_cidr(std::string_view text);

/// The order that Juju lists applications, machines and spaces in: text before the first digit,
/// then the number, and so on; plain bytes where one of the two has no digit left.
bool is_naturally_before(std::string_view first, std::string_view second);

}  // namespace gatehouse::bundle
