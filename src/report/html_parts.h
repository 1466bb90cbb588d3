// The two pictures of the HTML report, each one inline SVG. Private to the report.
#pragma once

#include <string>

#include "report/run_view.h"

namespace gatehouse {

/// Units on containers on machines, as built; "" where nothing was built.
std::string placement_svg(const json::object& as_built);

/// How many units had which workload status, over the time of the wait; "" without two samples.
std::string timeline_svg(const std::vector<SampleView>& samples);

}  // namespace gatehouse
