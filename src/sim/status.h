// `juju status --format json` of the lab's models, in the shape of a 3.6 client: one line, keys in
// Juju's order. Source: Juju 3.6.28, cmd/juju/status/formatted.go; notes juju-formats section 1.1.
#pragma once

#include "base/json.h"
#include "sim/timeline.h"

namespace gatehouse::sim {

/// How times are written: `JUJU_STATUS_ISO_TIME` or --utc, or Juju's own form (the lab's zone is
/// UTC).
enum class TimeForm { juju, iso };

std::string status_time(Moment moment, TimeForm form);

json::object model_status(const LabWorld& world, const LabModel& model, Moment now, TimeForm form);

/// The agent of the machine or container is started.
bool is_started(const LabWorld& world, const LabModel& model, const std::string& place, Moment now);

/// Its operating system answers, so that a shell can be had; host keys come with the agent.
bool is_running(const LabWorld& world, const LabModel& model, const std::string& place, Moment now);

/// Where an ssh to it would go; "" where it has no address yet, or is not there.
std::string address_of_place(const LabWorld& world, const LabModel& model, const std::string& place,
                             Moment now);

}  // namespace gatehouse::sim
