// Do the declared names resolve on each machine and container? Asked as soon as a machine's agent
// has started, in batches, again for those that failed. Source: runbook phase 01, step 1.4.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.h"
#include "facts/questions.h"

namespace gatehouse::juju {

/// Machines and containers of Facts::model_status with a started agent for which
/// Facts::name_lookups holds no lookup in which every declared name resolved; in order of their
/// ids.
std::vector<std::string> machines_to_ask(const Facts& facts, const Questions& questions);

/// Asks them and writes Facts::name_lookups. A machine that does not answer keeps what it last
/// answered; one that never did gets the Error. One that is not started yet is no observation.
void collect_lookups(const Questions& questions, Effects& effects, Facts& facts);

}  // namespace gatehouse::juju
