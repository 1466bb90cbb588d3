// A model out of `juju status --format json`, of any client from 2.9 to 4.0: read by shape, never
// by version, for the shape follows the client and not the agents. Odd parts are named, not fatal.
#pragma once

#include <string_view>

#include "base/result.h"
#include "facts/model_status.h"

namespace gatehouse::juju {

/// malformed where it is no JSON or has no `model` object: what a failed call prints is `{}`. Other
/// parts that cannot be read are left out and named in ModelStatus::unread, in order.
Result<ModelStatus> decode_status(std::string_view document);

}  // namespace gatehouse::juju
