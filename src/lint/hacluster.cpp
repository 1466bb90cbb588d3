#include "lint/hacluster.h"

#include <algorithm>

#include "base/text.h"
#include "lint/places.h"
#include "lint/relations.h"

namespace gatehouse {

namespace {

constexpr const char* kInterface = "hacluster";

// Through its own endpoint where that is written: nothing needs to be known of the other end.
bool is_clustered_by(const RelationEnd& end, const std::vector<EndpointPair>& pairs) {
  if (!end.facts) return false;
  if (end.endpoint.empty()) return !pairs.empty() && pairs.front().interface == kInterface;
  const auto found = end.facts->endpoints.find(end.endpoint);
  return found != end.facts->endpoints.end() && found->second.interface == kInterface &&
         found->second.role == EndpointRole::needs;
}

}  // namespace

std::map<std::string, Span> clustered_applications(const LintCase& c) {
  std::map<std::string, Span> clustered;
  for (const BundleRelation& relation : c.bundle.relations) {
    const RelationEnds ends = ends_of(relation, c);
    const std::vector<EndpointPair> pairs = fitting_pairs(ends);
    for (const RelationEnd* end : {&ends.first, &ends.second}) {
      if (!is_clustered_by(*end, pairs)) continue;
      clustered.emplace(end->application->name, lint_places::end_of(relation, end->written));
    }
  }
  return clustered;
}

bool takes_vip(const CharmFacts& facts) {
  return facts.options.listed.contains("vip") &&
         std::any_of(facts.endpoints.begin(), facts.endpoints.end(), [](const auto& endpoint) {
           return endpoint.second.interface == kInterface &&
                  endpoint.second.role == EndpointRole::needs;
         });
}

bool is_set(const BundleApplication& application, const std::string& option) {
  const auto found = application.options.find(option);
  return found != application.options.end() && !found->second.value.is_null() &&
         !trim(found->second.text).empty();
}

bool is_true(const BundleApplication& application, const std::string& option) {
  const auto found = application.options.find(option);
  if (found == application.options.end()) return false;
  const json::value& value = found->second.value;
  if (value.is_bool()) return value.get_bool();
  // Juju reads a text as a boolean where the charm wants one.
  return value.is_string() && (value.get_string() == "true" || value.get_string() == "True");
}

}  // namespace gatehouse
