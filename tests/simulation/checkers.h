// What must hold after every history. Each gives the sentences that do not hold.
#pragma once

#include "tests/simulation/history.h"

namespace gatehouse::simulation {

std::vector<std::string> check_all(World& world, const History& history);

}  // namespace gatehouse::simulation
