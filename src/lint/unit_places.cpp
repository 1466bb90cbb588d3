#include "lint/unit_places.h"

#include <algorithm>

#include <fmt/format.h>

namespace gatehouse {

std::map<std::string, std::vector<UnitPlace>> unit_places(const Plan& plan) {
  std::map<std::string, std::vector<UnitPlace>> places;
  for (const PlannedUnit& unit : plan.units) {
    const std::size_t slash = unit.machine.find('/');
    places[unit.application].push_back({unit.machine.substr(0, slash), slash != std::string::npos});
  }
  return places;
}

std::string machine_text(const Plan& plan, const std::string& number) {
  const auto found =
      std::find_if(plan.machines.begin(), plan.machines.end(),
                   [&](const PlannedMachine& machine) { return machine.number == number; });
  if (found == plan.machines.end() || found->bundle_id.empty()) {
    return fmt::format("machine {} of the plan", number);
  }
  return fmt::format("machine {}", found->bundle_id);
}

}  // namespace gatehouse
