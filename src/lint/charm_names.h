// The finding about a name that a charm does not have: the same words for endpoints, bindings,
// options, resources and storage.
#pragma once

#include <string>
#include <string_view>

#include "lint/rule.h"

namespace gatehouse {

struct NameUse {
  const BundleApplication& application;
  std::string_view kind;  ///< "option"
  const std::string& name;
  Span span;
};

/// Adds nothing where the charm has the name, or where the facts cannot tell.
void judge_name(const NameUse& use, const CharmNames& names, const CharmFacts& facts,
                Findings& findings);

}  // namespace gatehouse
