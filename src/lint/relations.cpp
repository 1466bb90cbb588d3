#include "lint/relations.h"

#include <utility>

namespace gatehouse {

namespace {

constexpr const char* kJujuInfo = "juju-info";

RelationEnd end_of(const std::string& written, const LintCase& c) {
  const std::size_t colon = written.find(':');
  RelationEnd end{.written = written,
                  .endpoint = colon == std::string::npos ? "" : written.substr(colon + 1),
                  .application = c.bundle.find(application_of(written)),
                  .facts = nullptr};
  if (end.application) end.facts = c.charms.find(*end.application);
  return end;
}

using Candidates = std::vector<std::pair<std::string, CharmEndpoint>>;

Candidates candidates_of(const RelationEnd& end) {
  Candidates candidates;
  if (!end.facts) return candidates;
  if (end.endpoint.empty()) return {end.facts->endpoints.begin(), end.facts->endpoints.end()};
  const auto listed = end.facts->endpoints.find(end.endpoint);
  if (listed != end.facts->endpoints.end()) candidates.emplace_back(*listed);
  const auto elsewhere = end.facts->endpoints_elsewhere.find(end.endpoint);
  if (elsewhere != end.facts->endpoints_elsewhere.end()) {
    for (const CharmEndpoint& endpoint : elsewhere->second) {
      candidates.emplace_back(end.endpoint, endpoint);
    }
  }
  return candidates;
}

bool fit(const CharmEndpoint& first, const CharmEndpoint& second) {
  const bool is_pair =
      (first.role == EndpointRole::provides && second.role == EndpointRole::needs) ||
      (first.role == EndpointRole::needs && second.role == EndpointRole::provides);
  return is_pair && first.interface == second.interface;
}

}  // namespace

RelationEnds ends_of(const BundleRelation& relation, const LintCase& c) {
  return {end_of(relation.first, c), end_of(relation.second, c)};
}

std::vector<EndpointPair> fitting_pairs(const RelationEnds& ends) {
  std::vector<EndpointPair> pairs, last_resort;
  const Candidates seconds = candidates_of(ends.second);
  for (const auto& [first_name, first] : candidates_of(ends.first)) {
    for (const auto& [second_name, second] : seconds) {
      if (!fit(first, second)) continue;
      auto& list = first.interface == kJujuInfo ? last_resort : pairs;
      list.push_back({first_name, second_name, first.interface,
                      first.is_container_scoped || second.is_container_scoped});
    }
  }
  return pairs.empty() ? last_resort : pairs;
}

std::vector<Attachment> attachments(const LintCase& c) {
  std::vector<Attachment> list;
  for (const BundleRelation& relation : c.bundle.relations) {
    const RelationEnds ends = ends_of(relation, c);
    if (!ends.first.facts || !ends.second.facts) continue;
    const bool is_first = ends.first.facts->is_subordinate;
    if (is_first == ends.second.facts->is_subordinate) continue;
    const auto pairs = fitting_pairs(ends);
    if (pairs.empty() || !pairs.front().is_container_scoped) continue;
    const RelationEnd& subordinate = is_first ? ends.first : ends.second;
    const RelationEnd& principal = is_first ? ends.second : ends.first;
    list.push_back({principal.application, subordinate.application});
  }
  return list;
}

}  // namespace gatehouse
