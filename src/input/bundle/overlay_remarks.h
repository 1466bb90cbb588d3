// What an overlay says in vain: fields that Juju does not take from one, machines that it replaces
// whole, and values that a later overlay replaces. Replacing a value of the base is what an overlay
// is for, and is not remarked on. Source: charm library v12 (overlay.go).
#pragma once

#include <vector>

#include "input/bundle/bundle_data.h"

namespace gatehouse::bundle {

/// To be called before the overlay is applied. `base` is the place of the first document.
void add_overlay_remarks(const BundleData& so_far, const Part& overlay, const Span& base,
                         std::vector<OverlayRemark>& remarks);

}  // namespace gatehouse::bundle
