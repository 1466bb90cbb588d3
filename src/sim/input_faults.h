// Puts an input fault into a rehearsal's own copies of the operator's files. Never given the
// originals. What it changes is chosen from the site and the bundle (faults.h).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "effects/effects.h"

namespace gatehouse::sim {

/// `site` is the copy of the site file, or the folder that it lies in; its bundle and overlays lie
/// beside it as the site file says, the secret overlay as `pki create` left it. A world fault
/// changes nothing here. invalid_input where the fault is unknown or the site declares nothing for
/// it: the message names both. What was written before a failure stays.
Result<void> apply_input_fault(std::string_view name, const std::string& site, FileStore& files);

}  // namespace gatehouse::sim
