#include "base/ipv4.h"

#include <charconv>

#include <fmt/format.h>

namespace gatehouse {

namespace {

std::optional<std::uint32_t> parse_decimal(std::string_view text, std::uint32_t most) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > most) {
    return std::nullopt;
  }
  return number;
}

std::uint32_t mask(int prefix) {
  return prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix);
}

}  // namespace

bool Cidr::contains(Ipv4 address) const {
  return (address.bits & mask(prefix)) == network.bits;
}

std::optional<Ipv4> parse_ipv4(std::string_view text) {
  Ipv4 address;
  for (int part = 0; part < 4; ++part) {
    const auto dot = text.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return std::nullopt;
    const auto number = parse_decimal(text.substr(0, dot), 255);
    if (!number) return std::nullopt;
    address.bits = address.bits << 8 | *number;
    text = part == 3 ? std::string_view() : text.substr(dot + 1);
  }
  return address;
}

std::optional<Cidr> parse_cidr(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = parse_ipv4(text.substr(0, slash));
  const auto prefix = parse_decimal(text.substr(slash + 1), 32);
  if (!address || !prefix) return std::nullopt;
  const Cidr cidr{*address, static_cast<int>(*prefix)};
  return cidr.contains(cidr.network) ? std::optional(cidr) : std::nullopt;
}

std::optional<Ipv4Range> parse_ipv4_range(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = parse_ipv4(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_ipv4(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return Ipv4Range{*first, *last};
}

std::string to_string(Ipv4 address) {
  return fmt::format("{}.{}.{}.{}", address.bits >> 24, address.bits >> 16 & 255,
                     address.bits >> 8 & 255, address.bits & 255);
}

std::string to_string(const Cidr& cidr) {
  return fmt::format("{}/{}", to_string(cidr.network), cidr.prefix);
}

std::string to_string(const Ipv4Range& range) {
  return range.first == range.last
             ? to_string(range.first)
             : fmt::format("{}-{}", to_string(range.first), to_string(range.last));
}

}  // namespace gatehouse
