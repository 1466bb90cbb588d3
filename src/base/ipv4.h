// IPv4 addresses, subnets in CIDR form and closed ranges. Parsing is strict: four decimal parts
// without leading zeros, so that no two texts mean one address. IPv6 is not handled here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gatehouse {

struct Ipv4 {
  std::uint32_t bits = 0;  ///< host byte order: 10.0.0.1 is 0x0a000001

  auto operator<=>(const Ipv4&) const = default;
};

struct Cidr {
  Ipv4 network;  ///< host part is zero
  int prefix = 0;

  bool contains(Ipv4 address) const;
  /// The address less the network: 10.12.4.50 in 10.12.4.0/22 is 50.
  std::uint32_t host_part(Ipv4 address) const { return address.bits - network.bits; }
  auto operator<=>(const Cidr&) const = default;
};

/// Both ends belong to it.
struct Ipv4Range {
  Ipv4 first;
  Ipv4 last;

  bool contains(Ipv4 address) const { return first <= address && address <= last; }
  bool contains(const Ipv4Range& other) const { return first <= other.first && other.last <= last; }
  bool overlaps(const Ipv4Range& other) const { return first <= other.last && other.first <= last; }
  auto operator<=>(const Ipv4Range&) const = default;
};

std::optional<Ipv4> parse_ipv4(std::string_view text);
/// Refuses a network with host bits set.
std::optional<Cidr> parse_cidr(std::string_view text);
/// "10.0.0.1-10.0.0.9" or one address; refuses a range that ends before it begins.
std::optional<Ipv4Range> parse_ipv4_range(std::string_view text);

std::string to_string(Ipv4 address);
std::string to_string(const Cidr& cidr);
std::string to_string(const Ipv4Range& range);

}  // namespace gatehouse
