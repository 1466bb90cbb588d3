// What a unit says of itself, taken apart. Charms join several messages in an order that differs
// between units ("'a' missing, 'b' incomplete"), so two messages are compared as sets of parts; and
// a part names the endpoints that it waits for. Words of Juju's and the charm libraries' only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gatehouse {

struct ShownMessage {
  std::string text;  ///< without "PO: " and "PO (broken): "
  bool has_broken_policy = false;
};

/// `use-policyd-override: true` puts "PO: " or "PO (broken): " in front of the workload message.
/// Source: charmhelpers, contrib/openstack/policyd.
ShownMessage shown_message(std::string_view message);

/// In order, without blanks around them. A heading goes with each of its items: "Missing relations:
/// image, messaging; paused" is "Missing relations: image", "Missing relations: messaging",
/// "paused".
std::vector<std::string> message_parts(std::string_view message);

/// Whether the glob matches the whole message, or the globs of its parts match different parts of
/// the message, in any order. Parts left over are allowed where a glob of the pattern begins or
/// ends with a star, which could have matched them in another order.
bool message_matches(std::string_view pattern, std::string_view message);

/// The words of a part that may be endpoints: what stands between single quotes, else the item
/// behind a heading, else every word of it.
std::vector<std::string> endpoint_words(std::string_view part);

/// Endpoints that a charm's word for a kind of relation stands for: "database" for "shared-db".
/// The word itself is among them. Source: charmhelpers, required_interfaces of the classic charms.
std::vector<std::string_view> endpoints_meant(std::string_view word);

}  // namespace gatehouse
