// What a bundle asks of the machines that MAAS gives for its own: by constraints, and by the
// bindings of everything that is placed on them, in containers too. Start at machine_needs. Source:
// Juju 3.6 core/constraints; its MAAS provider passes these on when it allocates.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "facts/facts.h"
#include "input/inputs.h"
#include "plan/plan.h"

namespace gatehouse {

struct MachineNeeds {
  std::string machine;      ///< as in the bundle: "8"; "new machine 3" where only a unit wants it
  std::string constraints;  ///< as written
  std::string architecture;
  std::int64_t memory_mib = 0;
  std::int64_t cores = 0;
  std::int64_t root_disk_mib = 0;
  std::vector<std::string> tags;
  std::vector<std::string> excluded_tags;
  std::vector<std::string> zones;
  std::vector<std::string> unread;                      ///< constraints whose value cannot be read
  std::map<std::string, std::set<std::string>> planes;  ///< plane -> applications that bind it
};

/// One for each machine of the plan, in its order. A subordinate counts where those principals do
/// that facts about charms tell; where they tell none, beside the one application that it is
/// related to: with several, nobody knows which one carries it, and it is left out. Spaces that no
/// plane of the site has are left out too.
std::vector<MachineNeeds> machine_needs(const Inputs& inputs, const Plan& plan);

/// Why MAAS would not give that machine, by constraints alone; empty where it would.
std::vector<std::string> unmet(const MachineNeeds& needs, const MaasMachine& machine);

/// The tags that every machine of the bundle asks for.
std::vector<std::string> common_tags(const std::vector<MachineNeeds>& needs);

}  // namespace gatehouse
