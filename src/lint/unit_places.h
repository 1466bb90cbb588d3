// Where the plan puts units, by application.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/plan.h"

namespace gatehouse {

struct UnitPlace {
  std::string machine;  ///< its number in the model: "0"
  bool is_in_container = false;
};

std::map<std::string, std::vector<UnitPlace>> unit_places(const Plan& plan);

/// "machine 10" of the bundle, or "machine 0 of the plan" where the bundle has none for it.
std::string machine_text(const Plan& plan, const std::string& number);

}  // namespace gatehouse
