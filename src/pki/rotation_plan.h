// What an operator does after each step of a rotation: commands to run, what restarts, what to wait
// for. Words only; what a step does is in rotation.h.
#pragma once

#include <string>
#include <vector>

#include "pki/rotation.h"

namespace gatehouse::pki {

struct PlanWords {
  std::string application;
  std::string config_file;  ///< what `juju config --file` reads
  std::string overlay;
  std::string workspace;
};

std::vector<std::string> plan_of_renewal(const PlanWords& words);
std::vector<std::string> plan_of_ca_renewal(const PlanWords& words);
std::vector<std::string> plan_of_roll(Tier tier, RollPhase phase, const PlanWords& words);
std::vector<std::string> plan_of_compromise(Tier tier, const PlanWords& words);

}  // namespace gatehouse::pki
