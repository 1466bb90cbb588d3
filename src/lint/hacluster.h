// Who is related to an hacluster.
#pragma once

#include <map>
#include <string>

#include "lint/rule.h"

namespace gatehouse {

/// By application that requires interface `hacluster`: the place of its end of the relation.
std::map<std::string, Span> clustered_applications(const LintCase& c);

/// Whether the charm can be clustered and takes a virtual address.
bool takes_vip(const CharmFacts& facts);

/// A value that is neither "" nor null.
bool is_set(const BundleApplication& application, const std::string& option);
bool is_true(const BundleApplication& application, const std::string& option);

}  // namespace gatehouse
