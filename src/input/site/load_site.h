// Reads a site file. Unknown keys are errors with a suggestion; every mistake is found in one run.
#pragma once

#include <optional>
#include <vector>

#include "diag/diagnostic.h"
#include "input/site/site.h"

namespace gatehouse {

struct LoadedSite {
  std::optional<Site> site;  ///< absent where any finding is an error
  std::vector<Diagnostic> findings;  ///< codes "site/..."
};

LoadedSite load_site(const Source& source);

}  // namespace gatehouse
