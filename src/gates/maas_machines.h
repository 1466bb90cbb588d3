// Finding the site's machines among those that MAAS shows: by hostname, and only where it is the
// one of that name. Shared by the gates that look at machines.
#pragma once

#include <string>
#include <vector>

#include "gates/gate.h"

namespace gatehouse {

/// The one machine of that hostname, or a failed check in its place: none (gone, or hidden from
/// this user by MAAS), or several.
const MaasMachine* require_machine(const Case& c, const SiteMachine& wanted,
                                   const std::vector<MaasMachine>& machines,
                                   std::vector<Check>& checks);

}  // namespace gatehouse
