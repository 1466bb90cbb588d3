// Rules for the controller certificate: who signed it, what it may be used for, whom it names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pki/findings.h"
#include "pki/material.h"

namespace gatehouse::pki {

/// Reports chain-broken, validity-not-nested, leaf-*, eku-*, san-missing and, where the bundle's
/// VIPs are known, san-stale.
void check_controller(const Material& material, const std::vector<std::string>& bundle_vips,
                      Findings& findings);

}  // namespace gatehouse::pki
