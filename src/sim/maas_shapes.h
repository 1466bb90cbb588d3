// The lab's things in the shapes that a MAAS 3.5 was recorded to answer with: every key and type of
// the recording stays, only values change. Each function fills a recorded shape (embedded.h).
#pragma once

#include <vector>

#include "base/json.h"
#include "sim/lab_state.h"

namespace gatehouse::sim {

/// The world and its models at one moment.
struct RegionView {
  const LabWorld& world;
  const std::vector<LabModel>& models;
  Moment now;
};

json::object subnet_json(const LabPlane& plane);
json::object interface_json(const RegionView& view, const LabMachine& machine, const LabNic& nic);
json::array interfaces_json(const RegionView& view, const LabMachine& machine);
json::object machine_json(const RegionView& view, const LabMachine& machine);
/// By its deployment, or as a fault wants it.
MachineQuirk state_of(const RegionView& view, const LabMachine& machine);
/// One that has nothing, as recorded.
json::object broken_machine_json();
json::array subnets_json(const RegionView& view);
json::array fabrics_json(const RegionView& view);
/// The site's reserved ranges, and a dynamic one on the boot plane.
json::array ipranges_json(const RegionView& view);
json::array spaces_json(const RegionView& view);

enum class Detail { with_nodes, plain };
json::array ip_addresses_json(const RegionView& view, const LabPlane& plane, Detail detail);
json::array reserved_ip_ranges_json(const RegionView& view, const LabPlane& plane);
json::array unreserved_ip_ranges_json(const RegionView& view, const LabPlane& plane);
enum class WithRanges { yes, no };
json::object statistics_json(const RegionView& view, const LabPlane& plane, WithRanges with);

}  // namespace gatehouse::sim
