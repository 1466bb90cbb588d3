// MAAS's JSON into facts. Decoders take what 2.9 to 3.7 send: unknown fields and words survive,
// null, absent and odd values of docs and recordings are told apart where a gate needs it.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "facts/facts.h"

namespace gatehouse::maas {

/// Each is `malformed`, naming the item, where the document is of another shape. An element without
/// its identity (system_id, cidr, ip) is such a case; anything else missing is left at its default.
Result<std::vector<MaasMachine>> decode_machines(const json::value& document);
Result<std::vector<MaasInterface>> decode_interfaces(const json::value& document);
Result<std::vector<MaasSubnet>> decode_subnets(const json::value& document);
Result<std::vector<MaasRange>> decode_ranges(const json::value& document);
Result<std::vector<MaasAddress>> decode_addresses(const json::value& document);

/// One of them, as its own path answers.
Result<MaasMachine> decode_machine(const json::value& item);
Result<MaasInterface> decode_interface(const json::value& item);
Result<MaasSubnet> decode_subnet(const json::value& item);
Result<MaasRange> decode_range(const json::value& item);

/// From `users/?op=whoami`; where it was asked is the caller's to fill in.
Result<MaasIdentity> decode_identity(const json::value& whoami);
/// From `version/`; the word "None" means that none is known, and becomes "".
Result<std::string> decode_version(const json::value& version);

}  // namespace gatehouse::maas
