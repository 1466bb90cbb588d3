// Relations with what the catalogue knows of their ends: which endpoints fit each other, and which
// subordinate sits beside which principal.
#pragma once

#include <string>
#include <vector>

#include "lint/rule.h"

namespace gatehouse {

struct RelationEnd {
  const std::string& written;                      ///< "keystone:ha"
  std::string endpoint;                            ///< "ha"; "" where it is not written
  const BundleApplication* application = nullptr;  ///< nullptr: an offer of another model
  const CharmFacts* facts = nullptr;
};

struct RelationEnds {
  RelationEnd first, second;
};

RelationEnds ends_of(const BundleRelation& relation, const LintCase& c);

/// A provider and a requirer of one interface.
struct EndpointPair {
  std::string first, second;
  std::string interface;
  bool is_container_scoped = false;
};

/// All that fit, as a controller sees it: juju-info only where nothing else does. Endpoints of
/// other versions of the charms count for those that are written.
std::vector<EndpointPair> fitting_pairs(const RelationEnds& ends);

struct Attachment {
  const BundleApplication* principal;
  const BundleApplication* subordinate;
};

/// Each principal with each of its subordinates, as far as both charms are known.
std::vector<Attachment> attachments(const LintCase& c);

}  // namespace gatehouse
