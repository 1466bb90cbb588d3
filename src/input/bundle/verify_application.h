// Juju's rules for one application of a bundle, less its placement on machines.
#pragma once

#include <string>
#include <vector>

#include "input/bundle/bundle_data.h"
#include "input/bundle/constraints.h"
#include "input/bundle/names.h"
#include "input/bundle/verify_bundle.h"

namespace gatehouse::bundle {

/// Where the field stands, or the application's key where it was not given.
Span place_of(const BundleApplication& application, const std::string& field);

/// Why Juju refuses the constraints, or "".
std::string constraints_error(const std::string& constraints, const VerifyContext& context);

void verify_application(const ApplicationData& given, const BundleData& data,
                        const VerifyContext& context, std::vector<Problem>& problems);

/// `to` of a Kubernetes bundle: at most one list of key=value.
void verify_node_selector(const BundleApplication& application, std::vector<Problem>& problems);

}  // namespace gatehouse::bundle
