// MAAS's JSON into facts. Decoders take what 2.9 to 3.7 send: unknown fields and words survive,
// null, absent and odd values of docs and recordings are told apart where a gate needs it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "facts/facts.h"

namespace gatehouse::maas {

/// Each is `malformed`, naming the item, where the body is no JSON or of another shape. An element
/// without its identity (system_id, cidr, ip) is such a case; anything else missing is left at its
/// default.
Result<std::vector<MaasMachine>> decode_machines(std::string_view body);
Result<std::vector<MaasSubnet>> decode_subnets(std::string_view body);
Result<std::vector<MaasRange>> decode_ranges(std::string_view body);
Result<std::vector<MaasAddress>> decode_addresses(std::string_view body);
Result<std::vector<MaasInterface>> decode_interfaces(const json::value& list);

/// One of them, as its own path answers.
Result<MaasMachine> decode_machine(const json::value& item);
Result<MaasInterface> decode_interface(const json::value& item);
Result<MaasSubnet> decode_subnet(const json::value& item);
Result<MaasRange> decode_range(const json::value& item);

/// From `users/?op=whoami`; where it was asked is the caller's to fill in.
Result<MaasIdentity> decode_identity(std::string_view body);
/// From `version/`; the word "None" means that none is known, and becomes "".
Result<std::string> decode_version(std::string_view body);

}  // namespace gatehouse::maas
