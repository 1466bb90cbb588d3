// How long a step's wait took in the earlier runs of a site that settled: what an estimate is made
// of. Read from the journal alone.
#pragma once

#include <string_view>
#include <vector>

#include "base/moment.h"
#include "journal/journal.h"

namespace gatehouse {

/// The newest first, at most five, of runs other than `run`. A journal that cannot be read gives
/// none: an estimate is a comfort, and no reason to stop.
std::vector<Milliseconds> earlier_settles(Journal& journal, std::string_view run,
                                          std::string_view step);

}  // namespace gatehouse
