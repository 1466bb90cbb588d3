// Facts as JSON, for `gatehouse observe` and for evidence: each with its value and evidence, or
// with the error that prevented it, or as not asked. Facts hold no secret, and none is added here.
#pragma once

#include <span>

#include "base/json.h"
#include "facts/facts.h"

namespace gatehouse {

/// {"maas_subnets": {"value": [...], "evidence": {...}}, "dry_run": {"error": {...}, "evidence":
/// {...}}, "juju_models": {"asked": false}}; keyed facts (addresses by CIDR, disks, lookups) are an
/// object of such. Members in the order of `keys`.
json::object facts_to_json(const Facts& facts, std::span<const FactKey> keys);

/// {"kind", "message", "help"?}; the message with its contexts.
json::object error_to_json(const Error& error);
json::object evidence_to_json(const Evidence& evidence);
json::object status_to_json(const ModelStatus& status);

}  // namespace gatehouse
