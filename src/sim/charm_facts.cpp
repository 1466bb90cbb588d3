#include "sim/charm_facts.h"

#include <algorithm>

namespace gatehouse::sim {
namespace {

constexpr const char* kJujuInfo = "juju-info";

void add_endpoints(const json::value& entry, const char* key, EndpointRole role,
                   CharmFacts& facts) {
  const json::object* endpoints = find_object(entry, key);
  if (endpoints == nullptr) return;
  for (const auto& [name, endpoint] : *endpoints) {
    facts.endpoints[name] = {
        .role = role,
        .interface = string_or_empty(endpoint, "interface"),
        .is_container_scoped = string_or_empty(endpoint, "scope") == "container"};
    facts.bindable.emplace_back(name);
  }
}

struct Side {
  std::string application;
  std::string endpoint;  ///< "" where it is not written
  const CharmFacts* facts = nullptr;
};

Side side_of(const std::string& text, const std::map<std::string, CharmFacts>& facts) {
  Side side{.application = application_of(text), .endpoint = "", .facts = nullptr};
  const std::size_t colon = text.find(':');
  if (colon != std::string::npos) side.endpoint = text.substr(colon + 1);
  const auto found = facts.find(side.application);
  if (found != facts.end()) side.facts = &found->second;
  return side;
}

std::vector<std::pair<std::string, CharmEndpoint>> candidates_of(const Side& side) {
  std::vector<std::pair<std::string, CharmEndpoint>> candidates;
  if (side.facts == nullptr) return candidates;
  for (const auto& [name, endpoint] : side.facts->endpoints) {
    if (side.endpoint.empty() || side.endpoint == name) candidates.emplace_back(name, endpoint);
  }
  return candidates;
}

bool fit(const CharmEndpoint& first, const CharmEndpoint& second) {
  if (first.interface != second.interface) return false;
  return (first.role == EndpointRole::provides && second.role == EndpointRole::requires_) ||
         (first.role == EndpointRole::requires_ && second.role == EndpointRole::provides);
}

}  // namespace

CharmFacts facts_of_charm(const json::value& catalogue, const std::string& charm) {
  CharmFacts facts;
  facts.endpoints[kJujuInfo] = {
      .role = EndpointRole::provides, .interface = kJujuInfo, .is_container_scoped = false};
  const json::value* entry = find(catalogue, charm);
  if (entry == nullptr) return facts;
  facts.is_known = true;
  facts.is_subordinate = find_bool(*entry, "subordinate").value_or(false);
  add_endpoints(*entry, "provides", EndpointRole::provides, facts);
  add_endpoints(*entry, "requires", EndpointRole::requires_, facts);
  add_endpoints(*entry, "peers", EndpointRole::peers, facts);
  if (const json::array* extra = find_array(*entry, "extra-bindings")) {
    for (const json::value& name : *extra) {
      if (name.is_string()) facts.bindable.emplace_back(name.get_string());
    }
  }
  std::sort(facts.bindable.begin(), facts.bindable.end());
  return facts;
}

ResolvedRelation resolve_relation(const BundleRelation& relation,
                                  const std::map<std::string, CharmFacts>& facts_by_application) {
  const Side first = side_of(relation.first, facts_by_application);
  const Side second = side_of(relation.second, facts_by_application);
  ResolvedRelation resolved{.first_application = first.application,
                            .first_endpoint = first.endpoint,
                            .second_application = second.application,
                            .second_endpoint = second.endpoint,
                            .interface = "",
                            .is_container_scoped = false};
  for (const auto& [first_name, first_endpoint] : candidates_of(first)) {
    for (const auto& [second_name, second_endpoint] : candidates_of(second)) {
      if (!fit(first_endpoint, second_endpoint)) continue;
      const bool is_last_resort = first_endpoint.interface == kJujuInfo;
      if (is_last_resort && !resolved.interface.empty()) continue;
      resolved.first_endpoint = first_name;
      resolved.second_endpoint = second_name;
      resolved.interface = first_endpoint.interface;
      resolved.is_container_scoped =
          first_endpoint.is_container_scoped || second_endpoint.is_container_scoped;
      if (!is_last_resort) return resolved;
    }
  }
  return resolved;
}

}  // namespace gatehouse::sim
