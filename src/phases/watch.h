// Watching a model without acting on it: a phase of one step that only waits, for a model of the
// site or of anybody else's. Not among all_phases, for nothing is deployed by it.
#pragma once

#include <string>

#include "phases/phase.h"

namespace gatehouse {

extern const Phase watch_phase;

/// What to expect of a model for which nobody declared anything: what it has now is what it is to
/// have, every unit active and idle; deadline, dwell and grace as the site file's defaults.
Inputs undeclared_inputs(const std::string& controller, const std::string& model);
Plan plan_of_model(const ModelStatus& status);

}  // namespace gatehouse
