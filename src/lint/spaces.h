// The spaces that an application or a machine names: by its bindings and by its constraints.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "input/bundle/bundle.h"

namespace gatehouse {

/// Of `spaces=a,^b`: those wanted and those excluded ("b").
struct ConstraintSpaces {
  std::vector<std::string> wanted;
  std::vector<std::string> excluded;
};
ConstraintSpaces constraint_spaces(std::string_view constraints);

/// The value of one constraint, "" where it is not given: "64G" of `mem=64G arch=amd64`.
std::string constraint(std::string_view constraints, std::string_view key);

/// All that the application's bindings and constraints want.
std::set<std::string> spaces_of(const BundleApplication& application);

}  // namespace gatehouse
