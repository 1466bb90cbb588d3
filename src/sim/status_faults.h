// Ways in which a status lies, put into the document that the lab would print. Each is one that
// real models showed: notes of peers, section 7, and of Juju's formats, section 5.
#pragma once

#include "base/json.h"
#include "sim/timeline.h"

namespace gatehouse::sim {

void spoil_status(const LabWorld& world, const LabModel& model, Moment now, json::object& status);

/// The minutes in which a controller does not answer, where that is the fault.
bool is_controller_away(const LabWorld& world, const LabModel& model, Moment now);

}  // namespace gatehouse::sim
