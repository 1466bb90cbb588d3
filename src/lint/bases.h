// On which base an application's units run, by its own word or the bundle's.
#pragma once

#include <string>

#include "lint/rule.h"

namespace gatehouse {

/// "ubuntu@22.04/stable"; "" where nothing in the bundle says.
std::string base_of(const Bundle& bundle, const BundleApplication& application);

/// Where it says so, else the application's name.
Span base_span(const BundleApplication& application);

}  // namespace gatehouse
