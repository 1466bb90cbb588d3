// Do the declared names resolve on each machine and container? Asked as it appears: by `juju exec`
// in batches where agents answer, by `juju ssh` before, a few at a time, for only Juju fans out.
// Asked again where a name failed. Source: runbook phase 01, step 1.4.
#pragma once

#include <string>
#include <vector>

#include "effects/effects.h"
#include "facts/questions.h"

namespace gatehouse::juju {

/// Whom to ask now, and by which way; each list in the order in which they are asked. Left out is
/// whoever answered that every declared name resolved, not before Questions::lookups_not_before.
struct LookupRound {
  std::vector<std::string> by_exec;  ///< the agent has started
  /// The machine runs and has an address, and its agent has not started, is down, or did not
  /// answer.
  std::vector<std::string> by_ssh;
};
LookupRound lookup_round(const Facts& facts, const Questions& questions);

/// Asks them and writes Facts::name_lookups. A machine that does not answer keeps what it last
/// answered, unless that was to be asked anew; one that never did gets the Error. Where the
/// client's version is not known yet it is asked first, for 2.9 has another command.
void collect_lookups(const Questions& questions, Effects& effects, Facts& facts);

}  // namespace gatehouse::juju
