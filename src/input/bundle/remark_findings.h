// What Juju only warns of, as diagnostics with a suggestion.
#pragma once

#include <vector>

#include "diag/diagnostic.h"
#include "input/bundle/bundle_data.h"

namespace gatehouse::bundle {

void add_remark_findings(const std::vector<Part>& parts, std::vector<Diagnostic>& findings);

}  // namespace gatehouse::bundle
