// Finding the site's machines among those that MAAS shows: by hostname, and only where it is the
// one of that name. Shared by the gates that look at machines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gates/gate.h"

namespace gatehouse {

constexpr std::int64_t kReady = 4;  ///< MAAS 2.9 to 3.7: NODE_STATUS.READY

inline bool declares_machines(const Inputs& inputs) {
  return !inputs.site.machines.empty();
}

/// The one machine of that hostname, or a check in its place: failed where there is none or
/// several, unknown where there is none to be seen by a user whom MAAS shows only a part.
const MaasMachine* require_machine(const Case& c, const SiteMachine& wanted,
                                   const std::vector<MaasMachine>& machines,
                                   std::vector<Check>& checks);

}  // namespace gatehouse
