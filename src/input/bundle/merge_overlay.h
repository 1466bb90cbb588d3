// How one document is laid over the bundle so far, and how what its values include is put in their
// place. Source: charm library v12 (overlay.go).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "input/bundle/bundle_data.h"
#include "input/bundle/load_bundle.h"

namespace gatehouse::bundle {

void apply_overlay(BundleData& base, const Part& overlay);

/// Makes local charm paths absolute and puts files where options and annotations name them, all
/// relative to `folder`. The first thing that cannot be done is returned.
struct Included {
  const std::string& tree;         ///< the bundle's folder, which overlays may include from as well
  std::vector<std::string>& read;  ///< each file read is appended
};
std::optional<Problem> resolve_includes(BundleData& base, const std::string& folder,
                                        const BundleFiles& files, Included& included);

/// What the part says on the path; see Supply.
void note_supplies(const Part& part, const std::string& path, std::vector<Supply>& supplies);

}  // namespace gatehouse::bundle
