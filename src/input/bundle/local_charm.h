// What a charm in a folder says of its base, for applications and bundles that name none. A packed
// charm (.charm) is not opened.
#pragma once

#include <string>

#include "input/bundle/load_bundle.h"

namespace gatehouse::bundle {

/// "ubuntu@22.04/stable": the first series of metadata.yaml, else the first base of manifest.yaml;
/// "" where there is neither. Source: Juju 3.6 core/charm (ComputedSeries).
std::string local_charm_base(const std::string& charm, const BundleFiles& files);

}  // namespace gatehouse::bundle
