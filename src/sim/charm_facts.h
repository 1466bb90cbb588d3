// What the lab needs to know of a charm: its endpoints with interface and scope, and whether it is
// a subordinate. From data/charms/catalogue.json.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "input/bundle/bundle.h"

namespace gatehouse::sim {

enum class EndpointRole { provides, requires_, peers };

struct CharmEndpoint {
  EndpointRole role = EndpointRole::provides;
  std::string interface;
  bool is_container_scoped = false;
};

struct CharmFacts {
  bool is_known = false;
  bool is_subordinate = false;
  std::map<std::string, CharmEndpoint> endpoints;  ///< with the juju-info that every charm provides
  std::vector<std::string> bindable;               ///< endpoints and extra bindings, sorted
};

CharmFacts facts_of_charm(const json::value& catalogue, const std::string& charm);

struct ResolvedRelation {
  std::string first_application, first_endpoint;
  std::string second_application, second_endpoint;
  std::string interface;  ///< "" where neither charm is known
  bool is_container_scoped = false;
};

/// Finds the endpoints that are not written, as a controller does: one provider and one requirer of
/// the same interface, juju-info only where nothing else fits.
ResolvedRelation resolve_relation(const BundleRelation& relation,
                                  const std::map<std::string, CharmFacts>& facts_by_application);

}  // namespace gatehouse::sim
