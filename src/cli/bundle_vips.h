// The virtual addresses that a bundle gives an application: what a SAN is made from and held
// against.
#pragma once

#include <string>
#include <vector>

#include "cli/context.h"

namespace gatehouse::cli {

/// The words of the application's option `vip` in a bundle file; not_found where it sets none.
Result<std::vector<std::string>> vips_of_bundle(const std::string& bundle,
                                                const std::string& application, Context& context);

}  // namespace gatehouse::cli
